import { createHash } from 'node:crypto'
import type { ClientId, JsonObject, NodeId, VendorId } from '../core/ids.ts'
import { ownerOf } from '../core/journey/unfold.ts'
import { DAY_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { EffectRow } from '../store/effects.ts'
import { insertSending, sendingOfStep } from '../store/form-sendings.ts'
import { publishedForm } from '../store/forms.ts'
import type { Engine } from './engine.ts'

/**
 * The link by which a couple opens its form: whose it is, and 256 bits that only a key of the vendor can make of the
 * sending's id. It is the same in the letter and in every reminder, and is kept nowhere; its hash finds the row.
 */
export const FORM_LETTER = 'form-letter@1'
/** Whatever the journey waits for, a link is worth nothing after this. */
const LINK_DAYS = 400
const PURPOSE = 'form-link'
const ID_BYTES = 16
const SECRET_BYTES = 32

export async function linkOf(engine: Engine, vendor: VendorId, sending: string): Promise<string> {
  const secret = await engine.vault.mark(vendor, PURPOSE, sending)
  const token = Buffer.concat([Buffer.from(vendor.replaceAll('-', ''), 'hex'), secret])
  return `${engine.settings.publicUrl}/f/${token.toString('base64url')}`
}

/** Whose link this is and what finds its row; null for whatever no link of ours can look like. */
export function readToken(token: string): { readonly vendor: VendorId; readonly hash: Uint8Array } | null {
  if (!/^[A-Za-z0-9_-]{64}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  const hex = bytes.subarray(0, ID_BYTES).toString('hex')
  const vendor = [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, hex)
  return { vendor: vendor as VendorId, hash: hashOf(bytes.subarray(ID_BYTES)) }
}

const hashOf = (secret: Uint8Array): Buffer =>
  createHash('sha256').update(secret.subarray(0, SECRET_BYTES)).digest()

/** What asks by a link of its own: a step of a run, or a member for one couple. */
export type Asking = {
  readonly client: ClientId
  readonly form: string
  readonly closes: boolean
  readonly step: { readonly run: EffectRow['run_id']; readonly node: string; readonly visit: number } | null
}

/** A new sending with the version that is published now; null where the form is not published. */
export async function ask(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { client, form, closes, step }: Asking,
): Promise<string | null> {
  const published = await publishedForm(sql, vendor, form)
  if (!published) return null
  const now = engine.clock.now()
  const sending = engine.rng.uuid7(now)
  const made = await insertSending(sql, vendor, {
    sending_id: sending,
    form_id: published.form_id,
    version: published.version,
    client_id: client,
    run_id: step?.run ?? null,
    node: step?.node ?? null,
    visit: step?.visit ?? null,
    token_hash: hashOf(await engine.vault.mark(vendor, PURPOSE, sending)),
    closes,
    asked_at: now,
    expires_at: plusMs(now, LINK_DAYS * DAY_MS),
  })
  if (made || step === null) return sending
  return (await sendingOfStep(sql, vendor, step.run, step.node, step.visit))!.sending_id
}

/** The words of a letter that carries a form, with its link; or why there is none. */
export async function withFormLink(
  engine: Engine,
  effect: EffectRow,
  config: JsonObject,
  facts: JsonObject,
): Promise<{ readonly facts: JsonObject } | { readonly missing: string }> {
  const form = String(config.form)
  const node = ownerOf(effect.node as NodeId)
  const isFirst = node === effect.node
  const sending = await engine.db.tx('form.ask', { vendors: [effect.vendor_id] }, async (sql) => {
    // A reminder carries the link of the letter it reminds of; of one that was left out, it is the first.
    const known = await sendingOfStep(
      sql,
      effect.vendor_id,
      effect.run_id,
      node,
      isFirst ? effect.visit : null,
    )
    if (known) return known.sending_id
    return ask(engine, sql, effect.vendor_id, {
      client: effect.client_id,
      form,
      closes: config.closes === true,
      step: { run: effect.run_id, node, visit: isFirst ? effect.visit : 0 },
    })
  })
  if (sending === null) return { missing: notPublished(form) }
  return { facts: { ...facts, link: await linkOf(engine, effect.vendor_id, sending) } }
}

/**
 * What stands behind the button while a letter is only looked at: its form, as those who made it see it. Nobody is
 * asked by a look, so there is no link of a couple's own yet.
 */
export async function withLookedAtLink(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  letter: { readonly kind: string; readonly config: JsonObject },
  facts: JsonObject,
): Promise<{ readonly facts: JsonObject; readonly missing: string | null }> {
  if (letter.kind !== FORM_LETTER) return { facts, missing: null }
  const form = String(letter.config.form)
  const published = await publishedForm(sql, vendor, form)
  const path = published ? `forms/${published.form_id}?part=preview` : 'forms'
  return {
    facts: { ...facts, link: `${engine.settings.publicUrl}/${path}` },
    missing: published ? null : notPublished(form),
  }
}

const notPublished = (form: string): string => `The form "${form}" is not published, so nobody can open it.`

export const isOver = (sending: { readonly expires_at: Instant }, now: Instant): boolean =>
  now >= sending.expires_at
