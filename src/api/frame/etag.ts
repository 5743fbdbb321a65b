import { createHash } from 'node:crypto'
import { Refusal } from '../../core/refusal.ts'

/** The state of something as it is shown, in one word: who changes it says with If-Match which state they have seen. */
export const etagOf = (document: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 22)}"`

const listed = (header: string): string[] => header.split(',').map((one) => one.trim().replace(/^W\//, ''))

export const isSeen = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || listed(header).includes(etag))

export function refuseUnlessSeen(header: string | undefined, current: unknown): void {
  if (header === undefined)
    throw new Refusal(
      'if_match_missing',
      'Send the ETag you have read as If-Match, so that nobody’s change is lost; * changes whatever is there.',
    )
  if (!isSeen(header, etagOf(current)))
    throw new Refusal(
      'changed_meanwhile',
      'Somebody has changed this since you read it. Read it again, and make your change on what is there now.',
    )
}
