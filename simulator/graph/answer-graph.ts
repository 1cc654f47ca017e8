import type { GraphAnswer, GraphCall } from './call.ts';
import { answerRead } from './read/answer-read.ts';
import { checkPermission } from './permissions.ts';
import { GraphProblem } from './problem.ts';
import type { GraphService } from './service.ts';
import { answerWrite } from './write/answer-write.ts';

/**
 * Answers one call by reading or changing the state.
 * @throws GraphProblem for a call Graph would refuse.
 */
export function answerGraph(service: GraphService, call: GraphCall): GraphAnswer {
  checkPermission(call);
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return answerRead(service, call);
    case 'POST':
    case 'PATCH':
    case 'PUT':
    case 'DELETE':
      return answerWrite(service, call);
    default:
      throw new GraphProblem(
        405,
        'Request_BadRequest',
        `The method ${call.method} is not allowed.`,
      );
  }
}
