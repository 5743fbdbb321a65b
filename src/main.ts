import { hostname } from 'node:os'
import type { Accounts } from './accounts/accounts.ts'
import type { Carrier } from './accounts/letters.ts'
import type { ChannelHouse } from './api/channel-house.ts'
import { breakers } from './channels/breaker.ts'
import type { Channel } from './channels/channel.ts'
import { askMail } from './channels/email/ask-mail.ts'
import { domainOf, type Mail, messageIdFor } from './channels/email/mail.ts'
import { ownMailHouse } from './channels/email/own-mail.ts'
import { smtp } from './channels/email/smtp.ts'
import type { SmtpServer, SmtpTimeouts } from './channels/email/smtp-line.ts'
import { TWILIO, type TwilioHouse, twilio } from './channels/sms/twilio.ts'
import { webhook } from './channels/webhook/webhook.ts'
import type { Config } from './config.ts'
import { plusMs } from './core/time/instant.ts'
import { type Engine, SETTINGS } from './engine/engine.ts'
import { keepGraphs } from './engine/graphs.ts'
import { keepVendorViews } from './engine/vendor-views.ts'
import { definitions } from './modules/definitions.ts'
import { registryOf } from './modules/registry.ts'
import { outgoing } from './outgoing.ts'
import type { Bus, Clock, Db, Doorbell, Log } from './ports.ts'
import type { Target } from './postgres/client.ts'
import { startClock } from './postgres/clock.ts'
import type { EmbeddedPostgres } from './postgres/cluster.ts'
import { openDb } from './postgres/connect.ts'
import { listen } from './postgres/listen.ts'
import { systemRng } from './postgres/rng.ts'
import { notifyDoorbell, RING_CHANNEL } from './queue/notify.ts'
import { prepareDatabase, reach, refusePending } from './reach.ts'
import { createLayouts } from './render/layouts.ts'
import { createRenderer } from './render/renderer.ts'
import { derived, linkSecret, returnSecret, webhookSecret } from './secrets.ts'
import { ensureInstallation, type Installation } from './store/installation.ts'
import { databaseKeyStore } from './store/keys.ts'
import type { LoginRole } from './store/roles.ts'
import { triggerTypes } from './triggers/definitions.ts'
import type { MasterKey } from './vault/master-key.ts'
import { createVault, type SealingVault } from './vault/vault.ts'

/**
 * The production composition root: the only place where real ports are made. Opening the house starts or reaches
 * the database, brings it up to date, refuses to go on if tenancy could be escaped, and puts the engine together.
 */
export type House = {
  readonly engine: Engine
  readonly config: Config
  readonly vault: SealingVault
  readonly installation: Installation
  readonly embedded: EmbeddedPostgres | null
  /** Another program runs on this data, and we are its guest. */
  readonly joined: boolean
  readonly key: MasterKey
  readonly sending: boolean
  /** Takes letters about accounts to the mail server; null where nothing leaves the house. */
  readonly carrier: Carrier
  readonly channels: ChannelHouse
  /** What a person should be told at the start. */
  readonly notes: readonly string[]
  /** Whether rings go out over Redis; null without it. */
  ringsOut(): boolean | null
  target(role: LoginRole): Target
  close(): Promise<void>
}

const CLOCK_READY_MS = 10_000
/** Reads and writes of wrapped keys happen while other transactions are open, on a few lines of their own. */
const KEY_CONNECTIONS_MAX = 3

export async function openHouse(
  config: Config,
  log: Log,
  options: {
    readonly doorbell?: Doorbell
    readonly bus?: Bus
    readonly connectionsMax?: number
    readonly observe?: (name: string, ms: number, failed: boolean) => void
    /** Be the guest of a program that runs already on the embedded data. */
    readonly join?: boolean
    /** For tests on one machine: webhooks may go to it. */
    readonly webhooksToLoopback?: boolean
    /** For tests on one machine: mail servers of businesses may lie on it, and are trusted by this certificate. */
    readonly ownMail?: { readonly ca: string; readonly timeouts?: Partial<SmtpTimeouts> }
    /** For tests on one machine: where texts go instead. */
    readonly textProvider?: TwilioHouse
    /** For pictures: a clock that shows another day than the database's. */
    readonly clock?: (real: Clock) => Clock
  } = {},
): Promise<House> {
  const { key, embedded, joined, notes, target, close: leave } = await reach(config, log, options)
  const closers: (() => Promise<void>)[] = [leave]
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    if (joined) await refusePending(target)
    else await prepareDatabase(target, embedded !== null, config.logKeepDays, log)
    const started = startClock(target('wed_app'), log)
    closers.push(() => started.close())
    await started.ready(CLOCK_READY_MS)
    const clock = options.clock?.(started) ?? started
    const db = openDb(target('wed_app'), {
      log,
      ...(options.connectionsMax ? { connectionsMax: options.connectionsMax } : {}),
      ...(options.observe ? { observe: options.observe } : {}),
    })
    closers.push(() => db.close())
    const keyDb = openDb(target('wed_app'), {
      log,
      name: 'wedsync keys',
      connectionsMax: KEY_CONNECTIONS_MAX,
    })
    closers.push(() => keyDb.close())
    const rng = systemRng()
    const vault = createVault({ store: databaseKeyStore(keyDb), masters: [key] })
    const installation = await db.tx('installation', 'platform', (sql) =>
      ensureInstallation(sql, rng.uuid7(clock.now()), clock.now(), process.versions.tz ?? 'unknown'),
    )
    const sending = config.sendingFor === installation.installation_id
    if (config.sendingFor !== null && !sending) {
      notes.push(
        `WEDSYNC_SENDING names another installation (${config.sendingFor}); this one is ${installation.installation_id}. Nothing leaves the house.`,
      )
    }
    const renderer = createRenderer()
    closers.push(() => renderer.close())
    const layouts = createLayouts()
    closers.push(() => layouts.close())
    const mailChannel = sending && config.smtp ? smtp(smtpServer(config.smtp.url), { now: clock.now }) : null
    if (mailChannel) closers.push(async () => mailChannel.close())
    const webhookChannel = sending
      ? webhook(
          {
            forbiddenHosts: [new URL(config.url).hostname],
            allowLoopback: options.webhooksToLoopback === true,
          },
          { now: clock.now },
        )
      : null
    if (webhookChannel) closers.push(() => webhookChannel.close())
    const ownMail = ownMailHouse({
      policy: {
        forbiddenHosts: [new URL(config.url).hostname],
        allowInner: config.innerMail,
        allowLoopback: options.ownMail !== undefined,
      },
      now: clock.now,
      ...options.ownMail,
    })
    closers.push(async () => ownMail.close())
    // Asking about an account sends nothing, so it can be done before sending is switched on.
    const texts = twilio(options.textProvider ?? TWILIO, { now: clock.now })
    closers.push(() => texts.close())
    const doorbell = options.doorbell ?? (await hang(config, db, target, log, closers))
    const ringsOut = (): boolean | null => ('up' in doorbell ? doorbell.up === true : null)
    const registry = registryOf(definitions, triggerTypes)
    const engine: Engine = {
      db,
      clock,
      rng,
      vault,
      log,
      registry,
      doorbell,
      bus: options.bus ?? { publish: () => undefined },
      senders: outgoing({
        db,
        clock,
        vault,
        render: renderer.render,
        layOut: layouts.layOut,
        breakers: breakers(),
        mail: mailChannel && config.smtp ? { channel: mailChannel, from: config.smtp.from } : null,
        ownMail: sending ? ownMail : null,
        webhook: webhookChannel,
        twilio: sending ? texts : null,
        url: config.url,
        linkSecret: linkSecret(key),
        returnSecret: returnSecret(key),
        secret: webhookSecret(key),
      }),
      graphs: keepGraphs(vault, registry),
      vendorViews: keepVendorViews(),
      settings: {
        ...SETTINGS,
        workerId: rng.uuid7(clock.now()),
        publicUrl: config.url.replace(/\/$/, ''),
        zoneData: process.versions.tz ?? null,
      },
    }
    log.info('the house is open', { installation: installation.installation_id, host: hostname(), sending })
    return {
      engine,
      config,
      vault,
      installation,
      embedded,
      joined,
      key,
      sending,
      carrier: mailChannel && config.smtp ? carrierOver(mailChannel, config.smtp.from, clock) : null,
      channels: {
        sending,
        url: config.url,
        mailFrom: config.smtp?.from ?? null,
        mail: mailChannel,
        askMail: () => askMail(config.smtp ? smtpServer(config.smtp.url) : null),
        ownMail,
        twilio: texts,
        linkSecret: linkSecret(key),
        returnSecret: returnSecret(key),
      },
      notes,
      ringsOut,
      target,
      close: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** Who may sign in here: over lines of their own, by a secret of their own. */
export async function accountsOf(house: House): Promise<Accounts> {
  const { openAccounts } = await import('./accounts/accounts.ts')
  return openAccounts({
    target: house.target('wed_accounts'),
    secret: derived(house.key, 'accounts'),
    url: house.config.url,
    log: house.engine.log,
    id: () => house.engine.rng.uuid7(house.engine.clock.now()),
    carrier: house.carrier,
  })
}

const CARRIED_WITHIN_MS = 60_000

function carrierOver(channel: Channel<Mail>, from: string, clock: Clock): Carrier {
  return async (id, attempt, letter) => {
    const key = id.replaceAll('-', '')
    const mail: Mail = {
      from: { name: 'WedSync', address: from },
      to: letter.to.name ? letter.to : { address: letter.to.address },
      subject: letter.subject,
      text: letter.text,
      html: letter.html,
      messageId: messageIdFor(key, domainOf(from)),
    }
    const deadline = plusMs(clock.now(), CARRIED_WITHIN_MS)
    const reply = await channel.send(mail, {
      key,
      attempt,
      deadline,
      signal: AbortSignal.timeout(CARRIED_WITHIN_MS),
    })
    return reply.is === 'accepted' ? 'sent' : reply.is === 'rejected' ? 'never' : 'later'
  }
}

/** Redis where there is one; else PostgreSQL carries the hints. Within this process rings need neither. */
async function hang(
  config: Config,
  db: Db,
  target: (role: LoginRole) => Target,
  log: Log,
  closers: (() => Promise<void>)[],
): Promise<Doorbell> {
  const bell = config.redisUrl
    ? (await import('./queue/bullmq.ts')).bullmqDoorbell({ url: config.redisUrl, log })
    : notifyDoorbell(db, log, (onHint, onGap) =>
        listen(target('wed_app'), [RING_CHANNEL], log, onHint, onGap),
      )
  closers.push(() => bell.close())
  return bell
}

function smtpServer(address: string): SmtpServer {
  const url = new URL(address)
  const tls =
    url.protocol === 'smtps:' ? 'implicit' : url.searchParams.get('tls') === 'none' ? 'none' : 'starttls'
  const auth = url.username
    ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
    : {}
  return { host: url.hostname, port: Number(url.port || (tls === 'implicit' ? 465 : 587)), tls, ...auth }
}
