import { createHash } from 'node:crypto'
import { type ReturnAddress, readReturnToken, readTrialToken } from './channels/email/return-address.ts'
import { complainedAddresses, meaningOf } from './channels/email/returned/meaning.ts'
import { type ReadMail, readMail } from './channels/email/returned/read-mail.ts'
import type { VendorId } from './core/ids.ts'
import type { Engine } from './engine/engine.ts'
import { hearMail, type MailHeard } from './engine/hear-mail.ts'
import { hearTrial } from './engine/returns-trial.ts'

/** What comes into the house: one mail, by a mail server's pipe or by a provider's call. */
export type MailArrived = {
  /** Whom the envelope names, not the header. */
  readonly recipient: string
  /** Of the envelope; an empty one is a machine's. Null where nobody says. */
  readonly sender: string | null
  readonly raw: Uint8Array
  /** Whoever brings it speaks for this business alone; null for whoever keeps the house. */
  readonly vendor: VendorId | null
}
export type MailHouse = {
  readonly secret: Uint8Array
  /** The house's own sender. */
  readonly mailFrom: string | null
}
export type MailTaken = MailHeard | 'unreadable'

/** More than mail servers carry is nothing that somebody wrote. */
export const MAIL_BYTES_TAKEN_MAX = 36_000_000

export async function takeMail(engine: Engine, house: MailHouse, mail: MailArrived): Promise<MailTaken> {
  const trial = readTrialToken(house.secret, localOf(mail.recipient))
  if (trial !== null) {
    if (mail.vendor !== null && mail.vendor !== trial.vendor) return 'unknown'
    return (await hearTrial(engine, trial.vendor, trial.trial)) ? 'taken' : 'unknown'
  }
  const addressed = addressIn(house.secret, mail.recipient)
  if (addressed !== null && !isFor(mail, addressed)) return 'unknown'
  const read = await readMail(mail.raw)
  if (read === null) return addressed === null ? 'unknown' : 'unreadable'
  // Complaints go to whoever runs the mail server: the letter they hold says which one it is.
  const address =
    addressed ??
    complainedAddresses(read)
      .map((one) => addressIn(house.secret, one))
      .find((one) => one !== null && isFor(mail, one)) ??
    null
  if (address === null) return 'unknown'
  const ours = house.mailFrom === null ? [] : [house.mailFrom]
  const meaning = meaningOf(read, mail.sender?.replace(/[<>\s]/g, '') ?? null)
  return hearMail(engine, { ...address, key: keyOf(read, mail), ours, meaning })
}

const isFor = ({ vendor }: MailArrived, address: ReturnAddress): boolean =>
  vendor === null || vendor === address.vendor

const localOf = (address: string): string =>
  /^<?([^@<>\s]{64})@[^@<>\s]{1,253}>?$/.exec(address.trim())?.[1] ?? ''

const addressIn = (secret: Uint8Array, address: string): ReturnAddress | null =>
  readReturnToken(secret, localOf(address))

/** The same mail brought twice is one; one without a name is named by what it says. */
function keyOf({ messageId }: ReadMail, { recipient, raw }: MailArrived): string {
  const name = messageId ?? createHash('sha256').update(raw).digest('hex')
  return createHash('sha256').update(`${name}|${recipient.toLowerCase()}`).digest('hex')
}
