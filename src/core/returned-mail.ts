/** Why a letter came back, as far as its mail server told. */
export type ReturnWhy =
  | 'mailbox_unknown'
  | 'domain_unknown'
  | 'mailbox_closed'
  | 'mailbox_full'
  | 'too_large'
  | 'refused'
  | 'not_reached'
  | 'other'

/** What a mail says that came to the return address of a letter. Whatever is personal in it stands in `words`. */
export type Meaning =
  /** It certainly did not arrive. `dead`: nothing ever will at this address. */
  | {
      readonly is: 'returned'
      readonly why: ReturnWhy
      readonly status: string | null
      readonly dead: boolean
      readonly words: { readonly said: string | null }
    }
  /** It is still under way. */
  | {
      readonly is: 'delayed'
      readonly status: string | null
      readonly words: { readonly said: string | null }
    }
  /** They told their mail provider that it is not wanted. */
  | { readonly is: 'complaint'; readonly kind: string }
  /** Written by a machine: nobody has read the letter because of it. */
  | {
      readonly is: 'automatic'
      readonly kind: 'away' | 'other'
      readonly words: { readonly text: string; readonly subject: string }
    }
  | {
      readonly is: 'answer'
      readonly from: string | null
      /** Files came with it, which are not kept. */
      readonly files: number
      readonly words: { readonly text: string; readonly subject: string; readonly from: string | null }
    }
  /** Nothing follows from it: a receipt, a report that it arrived, an empty letter. */
  | { readonly is: 'nothing'; readonly because: 'receipt' | 'arrived' | 'empty' | 'not_a_complaint' }

const SAID: { readonly [why in ReturnWhy]: string } = {
  mailbox_unknown: 'nobody has this mailbox',
  domain_unknown: 'what stands after the @ does not exist, or takes no mail',
  mailbox_closed: 'the mailbox is closed',
  mailbox_full: 'the mailbox is full',
  too_large: 'it is too large for their mailbox',
  refused: 'their mail server refuses what we send',
  not_reached: 'their mail server could not be reached for days',
  other: 'their mail server did not want it',
}
export const sayReturned = (why: ReturnWhy): string => SAID[why]

/** A letter that came back is settled with its reason: `returned_mailbox_unknown`. */
export const returnedCause = (why: ReturnWhy): string => `returned_${why}`
export function returnedWhy(cause: string | null): ReturnWhy | null {
  const why = cause?.startsWith('returned_') ? cause.slice('returned_'.length) : ''
  return why in SAID ? (why as ReturnWhy) : null
}
