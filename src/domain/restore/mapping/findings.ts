import { policyKey } from '#domain/identity/graph-id.ts';
import type { PlannedReference, PlanWarning, ResolvedReference } from '#domain/restore/plan.ts';
import { type FailureCode, failureMessages } from '#domain/run/failure.ts';

/** The reason to leave an item alone. */
export interface Block {
  readonly code: FailureCode;
  readonly message: string;
}

/** Collects warnings, references and the first block while a document's ids are replaced. */
export class Findings {
  readonly warnings: PlanWarning[] = [];
  private readonly found = new Map<string, PlannedReference>();
  private first: Block | null = null;

  /** The first reason to leave the item alone; null if there is no reason. */
  get blockedBy(): Block | null {
    return this.first;
  }

  get references(): PlannedReference[] {
    return [...this.found.values()];
  }

  warn(code: string, message: string): void {
    if (!this.warnings.some((one) => one.code === code && one.message === message)) {
      this.warnings.push({ code, message });
    }
  }

  /** `where` names the place by ids and names of settings. */
  block(code: FailureCode, where: string): void {
    this.first ??= blockOf(code, where);
  }

  refer(policyType: string, sourceGraphId: string, resolved: ResolvedReference): void {
    this.found.set(policyKey(policyType, sourceGraphId), {
      policyType,
      sourceGraphId,
      graphId: resolved.kind === 'exists' ? resolved.graphId : null,
      resolution: resolved.kind === 'exists' ? resolved.foundBy : resolved.kind,
      itemId: resolved.kind === 'planned' ? resolved.itemId : null,
    });
  }
}

/** A block with the sentence of its code and the place. */
export function blockOf(code: FailureCode, where: string | null = null): Block {
  return { code, message: failureMessages[code] + (where === null ? '' : ` (${where})`) };
}
