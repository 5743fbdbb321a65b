import type { listNotices } from '../../../../contract/work.ts'
import type { Seen } from '../../../api.ts'
import { noticeWords } from '../words.ts'

export type Notice = Seen<typeof listNotices>['data']['items'][number]
/** Notices that say the same, but for whom they are about; the newest first, as they come. */
export type Alike = { readonly says: string; readonly notices: readonly Notice[] }

/** So many of a kind stand on a line each; from here on they share one. */
const SHARE_FROM = 3

export function alike(notices: readonly Notice[]): readonly Alike[] {
  const kinds = Map.groupBy(notices, ({ code, facts }) => noticeWords(code, facts, 'Somebody'))
  return [...kinds].flatMap(([says, some]) =>
    some.length < SHARE_FROM ? some.map((one) => ({ says, notices: [one] })) : [{ says, notices: some }],
  )
}

/** "12 times, of 9 couples" */
export function tellHowMany({ notices }: Alike): string {
  const couples = new Set(notices.flatMap(({ client }) => client ?? [])).size
  const whose =
    couples === 0 ? '' : couples === 1 ? ', of one couple' : `, of ${couples.toLocaleString()} couples`
  return `${notices.length.toLocaleString()} times${whose}`
}
