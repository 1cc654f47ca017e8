import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';

/**
 * Moves open executions of a workflow to the current deployment version at their next workflow task. For workflows that
 * stay open longer than operators keep old workers. The server refuses the option from workers without a version; their
 * deployment has no name.
 */
export function followNewestVersion<Input>(workflow: (input: Input) => Promise<void>): void {
  setWorkflowOptions(() => {
    const { deploymentName = '' } = workflowInfo().currentDeploymentVersion ?? {};
    return deploymentName === '' ? {} : { versioningBehavior: 'AUTO_UPGRADE' };
  }, workflow);
}
