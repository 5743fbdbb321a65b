import { createHmac } from 'node:crypto'
import type { Breakers } from './channels/breaker.ts'
import { busy, type Channel } from './channels/channel.ts'
import type { Channels } from './channels/channels.ts'
import { capturedMailbox } from './channels/email/captured.ts'
import type { Mail } from './channels/email/mail.ts'
import type { WebhookCall } from './channels/webhook/webhook.ts'
import type { EffectId, JsonObject, VendorId } from './core/ids.ts'
import type { RenderParts } from './core/merge.ts'
import { isSample } from './core/sample.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from './core/time/instant.ts'
import { effectId } from './engine/keys.ts'
import type { Prepared, ProviderFacts, Senders, SendJob } from './engine/senders.ts'
import { sealJson } from './engine/views.ts'
import { hashOf, moduleExecution } from './modules/execution.ts'
import { type AttemptResult, done, resultOf, retry } from './modules/runner.ts'
import { runners } from './modules/runners.ts'
import type { Clock, Db, Vault } from './ports.ts'
import { keepCaptured } from './store/captured.ts'

/**
 * What leaves the house in production: the registered runners over real channels, chosen for each vendor. Until
 * sending is switched on for this very installation, every letter ends in the captured mailbox.
 */
export type OutgoingParts = {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly render: RenderParts
  readonly breakers: Breakers
  /** The real mail server and its sender address; null keeps everything captured. */
  readonly mail: { readonly channel: Channel<Mail>; readonly from: string } | null
  readonly webhook: Channel<WebhookCall> | null
  /** From which each vendor's webhook secret is derived. */
  readonly secret: Uint8Array
}

const CAPTURED_FROM = 'studio@captured.invalid'
const HOUSE_TIMEOUT_MS = 10 * SECOND_MS
const MAIL_TIMEOUT_MS = 11 * MINUTE_MS
/** The captured mailbox knows a letter by its key for ever; a long window stands for that. */
const FOR_EVER_MS = 3_650 * 24 * 3_600_000

export function outgoing(parts: OutgoingParts): Senders {
  const execution = moduleExecution({ runners, channelsFor, render: parts.render, clock: parts.clock })

  /** Of a sample studio nothing leaves the house, whatever is switched on: its id says so, and ids never change. */
  const mailFor = (vendor: VendorId) => (isSample(vendor) ? null : parts.mail)
  const webhookFor = (vendor: VendorId) => (isSample(vendor) ? null : parts.webhook)

  function channelsFor(vendor: VendorId): Channels {
    const mail = mailFor(vendor)
    const webhook = webhookFor(vendor)
    return {
      email: mail ? parts.breakers.guard(mail.channel, vendor) : captured(vendor),
      webhook: webhook ? parts.breakers.guard(webhook, vendor) : capturedWebhook(vendor),
    }
  }

  const keep =
    (vendor: VendorId, channel: string) =>
    async (letter: { key: string; attempt: number; message: unknown; at: Instant }) => {
      const effect = effectId(Buffer.from(letter.key, 'hex'))
      const sealed = await sealJson(parts.vault, capturedPlace(vendor, effect), letter.message)
      await parts.db.tx('captured.keep', { vendors: [vendor] }, (sql) =>
        keepCaptured(sql, { vendor, effect, attempt: letter.attempt, channel, sealed, at: letter.at }),
      )
    }

  const captured = (vendor: VendorId): Channel<Mail> =>
    capturedMailbox({
      now: parts.clock.now,
      keep: ({ key, attempt, mail }) =>
        keep(vendor, 'email')({ key, attempt, message: mail, at: parts.clock.now() }),
    })

  const capturedWebhook = (vendor: VendorId): Channel<WebhookCall> => ({
    name: 'captured',
    async send(call, delivery) {
      const letter = {
        key: delivery.key,
        attempt: delivery.attempt,
        message: { url: call.url, body: call.body },
        at: parts.clock.now(),
      }
      try {
        await keep(vendor, 'webhook')(letter)
        return { is: 'accepted', ref: null }
      } catch {
        return busy('mailbox_unavailable')
      }
    },
  })

  async function sendOwn(job: SendJob): Promise<AttemptResult> {
    const channels = channelsFor(job.vendor.id)
    const delivery = {
      key: job.key,
      attempt: job.attempt,
      deadline: job.deadline,
      signal: AbortSignal.timeout(HOUSE_TIMEOUT_MS),
    }
    if (job.kind === 'webhook') {
      const call = {
        url: String(job.content.url),
        body: JSON.stringify(job.content.body ?? {}),
        secrets: [secretFor(parts.secret, job.vendor.id)],
      } as const
      return resultOf(await channels.webhook.send(call, delivery), { accepted: 'next', rejected: 'failed' })
    }
    // A note to the team is seen on the mailbox page until members have addresses of their own.
    try {
      await keep(
        job.vendor.id,
        'note',
      )({ key: job.key, attempt: job.attempt, message: job.content, at: parts.clock.now() })
      return done('next')
    } catch {
      // Even if it was kept and only the answer was lost: the next attempt finds the same key.
      return retry('mailbox_unavailable')
    }
  }

  return {
    provider: (vendor, kind): ProviderFacts => {
      if (kind === 'webhook')
        return webhookFor(vendor)
          ? { name: 'webhook', keyWindowMs: FOR_EVER_MS, timeoutMs: HOUSE_TIMEOUT_MS }
          : CAPTURED
      return kind === 'notify' || !mailFor(vendor)
        ? CAPTURED
        : { name: 'smtp', keyWindowMs: null, timeoutMs: MAIL_TIMEOUT_MS }
    },
    room: (kind) =>
      kind === 'webhook' || kind === 'notify' ? Number.POSITIVE_INFINITY : execution.room(moduleOf(kind)),
    pace: (kind) => (kind === 'webhook' || kind === 'notify' ? null : execution.pace(moduleOf(kind))),
    async prepare(job): Promise<Prepared> {
      if (job.kind === 'webhook' || job.kind === 'notify') {
        const content: JsonObject = job.config
        return { is: 'ready', content, hash: hashOf(content) }
      }
      return execution.prepare(moduleOf(job.kind), {
        config: job.config,
        facts: job.facts,
        class: job.class,
        language: job.language,
        vendor: { name: job.vendor.name, postalAddress: null },
        unsubscribeUrl: null,
      })
    },
    send: async (job) =>
      job.kind === 'webhook' || job.kind === 'notify'
        ? sendOwn(job)
        : execution.attempt(moduleOf(job.kind), job.vendor.id, {
            content: job.content,
            recipient: job.recipient,
            sender: { name: job.vendor.name, address: parts.mail?.from ?? CAPTURED_FROM, replyTo: null },
            key: job.key,
            attempt: job.attempt,
            deadline: job.deadline,
            signal: new AbortController().signal,
          }),
  }
}

const CAPTURED: ProviderFacts = { name: 'captured', keyWindowMs: FOR_EVER_MS, timeoutMs: HOUSE_TIMEOUT_MS }

export const capturedPlace = (vendor: VendorId, effect: EffectId) =>
  ({ vendor, subject: null, table: 'captured_message', row: effect, column: 'sealed' }) as const

const moduleOf = (kind: string): { type: string; version: number } => {
  const [type = '', version = '1'] = kind.split('@')
  return { type, version: Number(version) }
}

/** Receivers verify with this secret; it is shown to the vendor, never stored. */
export const secretFor = (secret: Uint8Array, vendor: VendorId): string =>
  `whsec_${createHmac('sha256', secret).update(`webhook|${vendor}`).digest('base64')}`
