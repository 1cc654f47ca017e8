import type { IncomingMessage, ServerResponse } from 'node:http';

interface Member {
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

/**
 * Answers a batch by requesting each member over HTTP from its own server, so that a test only answers plain GETs.
 * Like Graph it refuses a whole batch with a bad token, and breaks off if a member's connection breaks.
 */
export async function answerBatch(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const origin = `http://${request.headers.host ?? ''}`;
  const authorization = request.headers.authorization ?? '';
  try {
    const { requests } = JSON.parse(await textOf(request)) as { requests: Member[] };
    const answers = await Promise.all(
      requests.map(async ({ id, url, headers }) => {
        const target = `${origin}/beta${url}`;
        const answer = await fetch(target, { headers: { ...headers, authorization } });
        return { id, answer, body: await answer.text() };
      }),
    );
    const refused = answers.find(({ answer }) => answer.status === 401);
    response.writeHead(refused ? 401 : 200, { 'content-type': 'application/json' });
    response.end(refused ? refused.body : envelopeAnswer(answers));
  } catch {
    response.destroy();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

interface MemberAnswer {
  readonly id: string;
  readonly answer: Response;
  readonly body: string;
}

function envelopeAnswer(answers: readonly MemberAnswer[]): string {
  const members = answers.map(({ id, answer, body }) => {
    const headers = JSON.stringify(Object.fromEntries(answer.headers));
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const text = isJson ? body : JSON.stringify(Buffer.from(body).toString('base64'));
    return `{"id":"${id}","status":${answer.status},"headers":${headers},"body":${text}}`;
  });
  return `{"responses":[${members.toReversed().join()}]}`;
}
