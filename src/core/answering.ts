/**
 * Whom a task or a yes is asked of. Whoever stands at least as high may answer, so that nothing waits for somebody on
 * holiday; who only looks never does. A journey that names nobody asks anybody who works here.
 */
export const ASKED = ['owner', 'manager', 'assistant'] as const
export type Asked = (typeof ASKED)[number]
export const ANYBODY: Asked = 'assistant'

/** Whose tasks and questions a member of this role may answer. */
export function answersFor(role: string): readonly Asked[] {
  const at = ASKED.indexOf(role as Asked)
  return at === -1 ? [] : ASKED.slice(at)
}

const WHO: { readonly [asked in Asked]: string } = {
  owner: 'the owner',
  manager: 'a manager or the owner',
  assistant: 'anybody who works here',
}
/** What was asked of a role that is not known any more is left to those who may everything. */
export const whoAnswers = (asked: string): string => WHO[asked as Asked] ?? WHO.owner
