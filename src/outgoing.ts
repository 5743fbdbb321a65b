import { createHash, createHmac } from 'node:crypto'
import type { Breakers } from './channels/breaker.ts'
import { busy, type Channel, notBegun, rejected } from './channels/channel.ts'
import type { Channels } from './channels/channels.ts'
import { capturedMailbox } from './channels/email/captured.ts'
import type { Mail } from './channels/email/mail.ts'
import type { OwnMailHouse } from './channels/email/own-mail.ts'
import { effectPart, markPart, returnToken } from './channels/email/return-address.ts'
import { preferencesToken } from './channels/preferences-link.ts'
import { capturedPhone } from './channels/sms/captured.ts'
import type { Sms } from './channels/sms/sms.ts'
import type { Twilio } from './channels/sms/twilio.ts'
import type { WebhookCall } from './channels/webhook/webhook.ts'
import { type Logo, PLAIN_BRAND } from './core/brand.ts'
import { type ChannelSettings, type OwnMail, ownMailOf } from './core/channel-settings.ts'
import type { EffectId, JsonObject, VendorId } from './core/ids.ts'
import type { LayOut, RenderParts } from './core/merge.ts'
import { isSample } from './core/sample.ts'
import { HOUR_MS, type Instant, instant, MINUTE_MS, SECOND_MS } from './core/time/instant.ts'
import { effectId } from './engine/keys.ts'
import type {
  Prepared,
  PrepareJob,
  ProviderFacts,
  Senders,
  SendingVendor,
  SendJob,
} from './engine/senders.ts'
import { openJson, sealJson } from './engine/views.ts'
import { hashOf, moduleExecution } from './modules/execution.ts'
import { type AttemptResult, done, resultOf, retry, type SendInput } from './modules/runner.ts'
import { runners } from './modules/runners.ts'
import { mayText, phoneOf } from './modules/sms/phone.ts'
import type { Clock, Db, ProviderReply, Vault } from './ports.ts'
import { readSecret } from './store/brand.ts'
import { keepCaptured } from './store/captured.ts'
import { takeOfHour } from './store/channel-use.ts'

/**
 * What leaves the house in production: the registered runners over real channels, chosen for each vendor. Until
 * sending is switched on for this very installation, every letter ends in the captured mailbox.
 */
export type OutgoingParts = {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly render: RenderParts
  readonly layOut: LayOut
  readonly breakers: Breakers
  /** The real mail server and its sender address; null keeps everything captured. */
  readonly mail: { readonly channel: Channel<Mail>; readonly from: string } | null
  /** The way to mail servers of businesses; null keeps their letters captured. */
  readonly ownMail: OwnMailHouse | null
  readonly webhook: Channel<WebhookCall> | null
  /** The way to text providers; null keeps texts captured, whatever a business has set up. */
  readonly twilio: Twilio | null
  /** The public address, under which people say what they want to hear and providers report. */
  readonly url: string
  /** Signs the addresses of these pages. */
  readonly linkSecret: Uint8Array
  /** Signs the addresses to which letters come back. */
  readonly returnSecret: Uint8Array
  /** From which each vendor's webhook secret is derived. */
  readonly secret: Uint8Array
}

const CAPTURED_FROM = 'studio@captured.invalid'
const HOUSE_TIMEOUT_MS = 10 * SECOND_MS
const MAIL_TIMEOUT_MS = 11 * MINUTE_MS
/** The captured mailbox knows a letter by its key for ever; a long window stands for that. */
const FOR_EVER_MS = 3_650 * 24 * 3_600_000

export function outgoing(parts: OutgoingParts): Senders {
  const execution = moduleExecution({
    runners,
    channelsFor: (vendor) => channelsFor({ id: vendor, name: '' }),
    render: parts.render,
    layOut: parts.layOut,
    clock: parts.clock,
  })

  /** Of a sample studio nothing leaves the house, whatever is switched on: its id says so, and ids never change. */
  const mayMail = (vendor: VendorId, channels: ChannelSettings | undefined): boolean =>
    !isSample(vendor) && channels?.email.sending !== false
  const ownMail = (vendor: VendorId, channels: ChannelSettings | undefined): OwnMail | null =>
    mayMail(vendor, channels) ? ownMailOf(channels) : null

  /** By its own server or not at all: a letter never falls back to another sender in silence. */
  function mailOf(vendor: VendorId, channels: ChannelSettings | undefined): Channel<Mail> {
    const own = ownMail(vendor, channels)
    if (own !== null)
      return parts.ownMail ? parts.breakers.guard(ownLetters(vendor, own), vendor) : captured(vendor)
    return parts.mail && mayMail(vendor, channels)
      ? parts.breakers.guard(parts.mail.channel, vendor)
      : captured(vendor)
  }
  const mailFacts = (vendor: VendorId, channels: ChannelSettings | undefined): ProviderFacts => {
    const { name } = mailOf(vendor, channels)
    return name === 'captured' ? CAPTURED : { name, keyWindowMs: null, timeoutMs: MAIL_TIMEOUT_MS }
  }
  const senderOf = (job: SendJob): SendInput<JsonObject>['sender'] => {
    const { id, name, channels, brand } = job.vendor
    const own = ownMail(id, channels)
    const house = parts.mail?.from ?? CAPTURED_FROM
    return {
      name: own?.name ?? name,
      address: own?.from ?? house,
      replyTo: brand?.replyTo || null,
      returns: returnsOf(job, parts.returnSecret),
    }
  }
  const realTexts = (vendor: VendorId, channels: ChannelSettings | undefined): channels is ChannelSettings =>
    parts.twilio !== null && !isSample(vendor) && isSetUp(channels) && channels.sms.sending
  const webhookFor = (vendor: VendorId) => (isSample(vendor) ? null : parts.webhook)

  function channelsFor({ id, region, channels }: SendingVendor): Channels {
    const webhook = webhookFor(id)
    return {
      email: mailOf(id, channels),
      sms: guardedTexts(
        region,
        channels?.sms.countries ?? [],
        realTexts(id, channels) ? parts.breakers.guard(texts(id, channels), id) : phone(id),
      ),
      webhook: webhook ? parts.breakers.guard(webhook, id) : capturedWebhook(id),
    }
  }

  /** A business's own account: its token is opened for one text and kept nowhere. */
  const texts = (vendor: VendorId, { sms }: ChannelSettings): Channel<Sms> => ({
    name: 'twilio',
    async send(message, delivery) {
      const token = await parts.db
        .read('channel.secret', { vendors: [vendor] }, (sql) => readSecret(sql, vendor, 'sms'))
        .then((sealed) => (sealed ? openJson(parts.vault, secretPlace(vendor, 'sms'), sealed) : null))
        .catch(() => null)
      if (!parts.twilio || !token) return busy('sms_not_set_up')
      const account = { account: sms.account ?? '', from: sms.from ?? '', token: String(token.token) }
      const callback = (key: string): string | null =>
        isPublic(parts.url) ? `${parts.url}${statusPath(vendor, key)}` : null
      return parts.twilio.channel(account, callback).send(message, delivery)
    },
  })

  /** No more in an hour than was agreed, whatever number of processes send; the password is opened for a fresh line. */
  const ownLetters = (vendor: VendorId, own: OwnMail): Channel<Mail> => ({
    name: OWN_SMTP,
    async send(mail, delivery) {
      const line = await ownLine(vendor, own).catch(() => busy('own_mail_not_set_up'))
      return 'is' in line ? line : line.send(mail, delivery)
    },
  })

  async function ownLine(vendor: VendorId, own: OwnMail): Promise<Channel<Mail> | ProviderReply> {
    const now = parts.clock.now()
    const hour = instant(now - (now % HOUR_MS))
    const { sealed, free } = await parts.db.tx('channel.take', { vendors: [vendor] }, async (sql) => ({
      sealed: await readSecret(sql, vendor, 'email'),
      free: await takeOfHour(sql, { vendor, channel: 'email', hour, most: own.perHour }),
    }))
    if (parts.ownMail === null || sealed === null) return busy('own_mail_not_set_up')
    if (!free) return notBegun('own_mail_hour_is_full', hour + HOUR_MS - now)
    const state = createHash('sha256').update(sealed).digest('hex')
    return parts.ownMail.channel(vendor, own, state, async () =>
      String((await openJson(parts.vault, secretPlace(vendor, 'email'), sealed)).password),
    )
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

  const phone = (vendor: VendorId): Channel<Sms> =>
    capturedPhone({
      now: parts.clock.now,
      keep: ({ key, attempt, sms }) =>
        keep(vendor, 'sms')({ key, attempt, message: sms, at: parts.clock.now() }),
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
    const channels = channelsFor(job.vendor)
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
    // A note to the team is told with all else that waits for them (api/team-letters.ts).
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
    provider: (vendor, kind, channels): ProviderFacts => {
      if (kind.startsWith('sms@')) return realTexts(vendor, channels) ? TEXTS : CAPTURED
      if (kind === 'webhook')
        return webhookFor(vendor)
          ? { name: 'webhook', keyWindowMs: FOR_EVER_MS, timeoutMs: HOUSE_TIMEOUT_MS }
          : CAPTURED
      return kind === 'notify' ? CAPTURED : mailFacts(vendor, channels)
    },
    room: (kind, urgent) =>
      kind === 'webhook' || kind === 'notify'
        ? Number.POSITIVE_INFINITY
        : execution.room(moduleOf(kind), urgent),
    closed: () => parts.breakers.open(),
    pace: (kind) => (kind === 'webhook' || kind === 'notify' ? null : execution.pace(moduleOf(kind))),
    async prepare(job): Promise<Prepared> {
      if (job.kind === 'webhook' || job.kind === 'notify') {
        const content: JsonObject = job.config
        return { is: 'ready', content, hash: hashOf(content) }
      }
      const made = await execution.prepare(moduleOf(job.kind), {
        config: job.config,
        facts: job.facts,
        class: job.class,
        language: job.language,
        vendor: dressed(job.vendor, parts.url),
        unsubscribeUrl: preferencesUrl(job, parts),
      })
      return made.is === 'ready' && lacksAddress(job) ? { ...made, heldBack: NO_ADDRESS } : made
    },
    send: async (job) =>
      job.kind === 'webhook' || job.kind === 'notify'
        ? sendOwn(job)
        : execution.attempt(
            moduleOf(job.kind),
            job.vendor.id,
            {
              content: job.content,
              recipient: job.kind.startsWith('sms@') ? dialled(job) : job.recipient,
              sender: senderOf(job),
              key: job.key,
              attempt: job.attempt,
              deadline: job.deadline,
              signal: new AbortController().signal,
            },
            { urgent: job.urgent, channels: channelsFor(job.vendor) },
          ),
  }
}

/** Another name than the house's: its breaker is its own. */
const OWN_SMTP = 'own-smtp'
const CAPTURED: ProviderFacts = { name: 'captured', keyWindowMs: FOR_EVER_MS, timeoutMs: HOUSE_TIMEOUT_MS }

const TEXTS: ProviderFacts = { name: 'twilio', keyWindowMs: null, timeoutMs: 15 * SECOND_MS }

export const isSetUp = (channels: ChannelSettings | undefined): channels is ChannelSettings =>
  channels !== undefined && channels.sms.account !== null && channels.sms.from !== null

/** Whether others than this machine can come to this address, and nobody on the way can read along. */
export const isPublic = (url: string): boolean => url.startsWith('https://')

export const statusPath = (vendor: VendorId, key: string): string =>
  `/hooks/twilio/${vendor}/status/${effectId(Buffer.from(key, 'hex'))}`

export const logoPath = (vendor: VendorId, { hash, type }: Logo): string =>
  `/brand/${vendor}/${hash}.${type === 'png' ? 'png' : 'jpg'}`

export const secretPlace = (vendor: VendorId, channel: string) =>
  ({ vendor, subject: null, table: 'channel_secret', row: channel, column: 'sealed' }) as const

/** A business as its letters show it. */
function dressed({ id, name, brand = PLAIN_BRAND }: SendingVendor, url: string) {
  return {
    name,
    brand,
    postalAddress: brand.postalAddress === '' ? null : brand.postalAddress,
    logoUrl: brand.logo === null ? null : `${url}${logoPath(id, brand.logo)}`,
  }
}

const isLetter = (kind: string): boolean => /^(email|form-letter)@/.test(kind)

/** Laws of most countries want the sender's postal address in every letter that advertises. */
const lacksAddress = ({ kind, class: messageClass, vendor }: PrepareJob): boolean =>
  isLetter(kind) && messageClass === 'marketing' && (vendor.brand ?? PLAIN_BRAND).postalAddress === ''
const NO_ADDRESS = {
  cause: 'no_postal_address',
  detail:
    'It advertises, and your business has no postal address yet. Enter it under Settings, Letters; then send this again.',
}

function preferencesUrl(job: PrepareJob, { url, linkSecret }: Pick<OutgoingParts, 'url' | 'linkSecret'>) {
  if (!job.mark || job.class === 'transactional' || !isLetter(job.kind)) return null
  const link = {
    vendor: job.vendor.id,
    way: 'email',
    class: job.class,
    mark: Buffer.from(job.mark, 'base64url'),
  } as const
  return `${url}/u/${preferencesToken(linkSecret, link)}`
}

/** Where this very letter comes back to; a letter to try things out on oneself comes back to nobody. */
function returnsOf({ vendor, key, mark, kind }: SendJob, secret: Uint8Array) {
  const returns = vendor.channels?.email.returns
  if (!returns || mark === undefined || !isLetter(kind) || isSample(vendor.id)) return null
  const token = returnToken(secret, {
    vendor: vendor.id,
    effect: effectPart(effectId(Buffer.from(key, 'hex'))),
    mark: markPart(mark === null ? null : Buffer.from(mark, 'base64url')),
  })
  return { address: `${token}@${returns.domain}`, bounces: returns.bounces, answers: returns.answers }
}

/** The number as it is dialled from anywhere. */
const dialled = ({ recipient, vendor }: SendJob): SendJob['recipient'] => ({
  ...recipient,
  phone: recipient.phone === null ? null : (phoneOf(recipient.phone, vendor.region)?.e164 ?? recipient.phone),
})

/** Numbers that cost a fortune, and countries a business never writes to, are asked nobody. */
const guardedTexts = (
  region: string | undefined,
  countries: readonly string[],
  channel: Channel<Sms>,
): Channel<Sms> => ({
  name: channel.name,
  async send(message, delivery) {
    const number = phoneOf(message.to, undefined)
    if (number === null) return { ...rejected('phone_unreadable'), address: 'dead' } as ProviderReply
    if (!mayText(number, region, countries))
      return rejected(number.dear ? 'number_too_dear' : 'country_not_allowed')
    return channel.send(message, delivery)
  },
})

export const capturedPlace = (vendor: VendorId, effect: EffectId) =>
  ({ vendor, subject: null, table: 'captured_message', row: effect, column: 'sealed' }) as const

const moduleOf = (kind: string): { type: string; version: number } => {
  const [type = '', version = '1'] = kind.split('@')
  return { type, version: Number(version) }
}

/** Receivers verify with this secret; it is shown to the vendor, never stored. */
export const secretFor = (secret: Uint8Array, vendor: VendorId): string =>
  `whsec_${createHmac('sha256', secret).update(`webhook|${vendor}`).digest('base64')}`
