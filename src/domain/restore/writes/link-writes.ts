import { sameId } from '#domain/identity/graph-id.ts';
import { ownMember } from '#domain/json/parsed-object.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { ChildCollection } from '#domain/policy-types/policy-type.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, holds, idOf, listOf } from './gap.ts';
import { objectUrl } from './graph-url.ts';
import { addition, removal, write } from './write.ts';

/** Writes the links to other policies: a single link is replaced by a PUT, several are added and removed one by one. */
export function linkWrites(gap: Gap, names: readonly string[]): PlannedWrite[] {
  const links = gap.type.children.filter(
    ({ name, when }) =>
      names.includes(name) &&
      Object.hasOwn(gap.desired.children, name) &&
      (when === null || holds(gap.desired.item, when)),
  );
  return links.flatMap((link) =>
    link.shape === 'object' ? oneLink(gap, link) : manyLinks(gap, link),
  );
}

function oneLink(gap: Gap, link: ChildCollection): PlannedWrite[] {
  const [wanted, there] = [gap.desired, gap.live].map(({ children }) =>
    idOf(ownMember(children, link.name) ?? null),
  );
  if (wanted === undefined || sameId(wanted, there ?? '')) return [];
  const address = `${gap.path}/${link.path}/$ref`;
  if (wanted === '') return [removal(`${link.name}:remove`, address)];
  return [write(link.name, 'PUT', address, linkTo(gap, link, wanted))];
}

function manyLinks(gap: Gap, link: ChildCollection): PlannedWrite[] {
  const [wanted, there] = [gap.desired, gap.live].map((document) =>
    (listOf(document, link.name) ?? []).map(idOf),
  );
  const missing = wanted?.filter((id) => !there?.some((other) => sameId(id, other))) ?? [];
  const surplus = there?.filter((id) => !wanted?.some((other) => sameId(id, other))) ?? [];
  const address = `${gap.path}/${link.path}`;
  return [
    ...missing.map((id) =>
      addition(`${link.name}:${id}`, `${address}/$ref`, linkTo(gap, link, id)),
    ),
    ...surplus.map((id) =>
      removal(`${link.name}:${id}:remove`, `${address}/${encodeURIComponent(id)}/$ref`),
    ),
  ];
}

function linkTo({ type }: Gap, { name }: ChildCollection, id: string) {
  const rule = type.references.find(({ within }) => within === `children.${name}`);
  const target = findPolicyType(rule?.policyType ?? type.type) ?? type;
  return { '@odata.id': objectUrl(target.collection, id) };
}
