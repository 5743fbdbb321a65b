import {
  changeChannels,
  checkChannel,
  readChannels,
  tryMailServer,
  tryReturns,
} from '../../contract/channels.ts'
import {
  type ChannelSettings,
  channelsOf,
  type MailReturns,
  type OwnMail,
  ownMailOf,
} from '../../core/channel-settings.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import type { Engine } from '../../engine/engine.ts'
import { openJson, sealJson } from '../../engine/views.ts'
import { isPublic, isSetUp, secretPlace } from '../../outgoing.ts'
import type { Sql } from '../../ports.ts'
import { forgetSecret, keepSecret, readDress, readSecret, setChannels } from '../../store/brand.ts'
import type { ChannelHouse } from '../channel-house.ts'
import { type Change, changes, type Route, reads } from '../frame/route.ts'
import { ownAfter, samePlace, tryOwnMail } from '../own-mail.ts'
import { inboundPath } from '../public/twilio-hooks.ts'
import { tryReturnsOf } from '../returns-trial.ts'

type Known = {
  readonly vendor: VendorId
  readonly settings: ChannelSettings
  readonly hasToken: boolean
  readonly hasPassword: boolean
}

async function known(sql: Sql, vendor: VendorId, how: 'lock' | 'look'): Promise<Known> {
  const row = await readDress(sql, vendor, how)
  if (!row) throw new Refusal('not_found', 'There is no such business here.')
  const hasToken = (await readSecret(sql, vendor, 'sms')) !== null
  const hasPassword = (await readSecret(sql, vendor, 'email')) !== null
  return { vendor, settings: channelsOf(row.channels), hasToken, hasPassword }
}

const CLOSED =
  'Nothing leaves this installation yet. Whoever runs it switches sending on with WEDSYNC_SENDING.'

function shown(house: ChannelHouse, { vendor, settings, hasToken, hasPassword }: Known) {
  const { email, sms } = settings
  const noHouse = house.sending ? [] : [CLOSED]
  const own = ownMailOf(settings)
  const noMail =
    own === null && house.mailFrom === null
      ? ['There is no mail server here yet: enter one of your own, or have one set up (WEDSYNC_SMTP_URL).']
      : []
  const noWayOut = isPublic(house.url)
    ? []
    : ['The public address (WEDSYNC_URL) must begin with https://, or nobody could unsubscribe.']
  const unset = isSetUp(settings) && hasToken ? [] : ['The account, its token and a number are needed.']
  const mailOn = email.sending ?? true
  return {
    house: { sending: house.sending, url: house.url, from: house.mailFrom },
    team: { letters: settings.team.letters },
    email: {
      leaves: house.sending && (own !== null || house.mailFrom !== null) && mailOn,
      sending: mailOn,
      from: own?.from ?? house.mailFrom,
      by: own === null ? ('house' as const) : ('own' as const),
      own: email.own === null ? null : { ...email.own, hasPassword },
      returns: email.returns && shownReturns(email.returns),
      inbound: `${house.url}/in/mail`,
      missing: [...noHouse, ...noMail, ...noWayOut],
    },
    sms: {
      leaves: house.sending && sms.sending && unset.length === 0,
      sending: sms.sending,
      account: sms.account,
      from: sms.from,
      hasToken,
      countries: sms.countries,
      inbound: `${house.url}${inboundPath(vendor)}`,
      missing: [...unset, ...noHouse],
    },
  }
}

export const channelRoutes = (house: ChannelHouse): readonly Route[] => [
  reads(readChannels, ({ engine, vendor }) =>
    engine.db.read('channels.read', { vendors: [vendor] }, async (sql) =>
      shown(house, await known(sql, vendor, 'look')),
    ),
  ),
  changes(changeChannels, async (at, { body }) => {
    const { sql, vendor, engine } = at
    const before = await known(sql, vendor, 'lock')
    at.mustBeSeen(shown(house, before))
    const { token, ...sms } = body.sms ?? {}
    if (token !== undefined) {
      const sealed = await sealJson(engine.vault, secretPlace(vendor, 'sms'), { token })
      await keepSecret(sql, { vendor, channel: 'sms', sealed, at: at.now })
    }
    const mail = await mailAfter(house, at, before, body.email?.own)
    const after: Known = {
      vendor,
      hasToken: before.hasToken || token !== undefined,
      hasPassword: mail.hasPassword,
      settings: {
        held: before.settings.held,
        team: { ...before.settings.team, ...given(body.team ?? {}) },
        email: {
          sending: body.email?.sending ?? before.settings.email.sending,
          own: mail.own,
          returns: returnsAfter(before.settings.email.returns, body.email?.returns),
        },
        sms: { ...before.settings.sms, ...given(sms) },
      },
    }
    if (body.sms?.sending === true && !(isSetUp(after.settings) && after.hasToken))
      throw new Refusal('conflict', 'Name the account, its token and a number first; then switch texts on.')
    await setChannels(sql, vendor, after.settings)
    at.audit('channels.changed', vendor, {
      changed: [
        ...Object.keys(body.email ?? {}).map((name) => `email.${name}`),
        ...Object.keys(body.email?.own ?? {}).map((name) => `email.own.${name}`),
        ...Object.keys(body.email?.returns ?? {}).map((name) => `email.returns.${name}`),
        ...Object.keys(body.sms ?? {}).map((name) => `sms.${name}`),
        ...Object.keys(body.team ?? {}).map((name) => `team.${name}`),
      ],
      emailSending: after.settings.email.sending,
      emailBy: ownMailOf(after.settings)?.host ?? null,
      smsSending: after.settings.sms.sending,
    })
    return shown(house, after)
  }),
  reads(checkChannel, async ({ engine, vendor }, { body }) => {
    const begun = engine.clock.now()
    const answer = body.channel === 'email' ? await house.askMail() : await askTexts(house, engine, vendor)
    return { ...answer, tookMs: Math.max(0, engine.clock.now() - begun) }
  }),
  reads(tryMailServer, async (at, { body }) => {
    const { settings } = await at.engine.db.read('channels.tried', { vendors: [at.vendor] }, (sql) =>
      known(sql, at.vendor, 'look'),
    )
    return tryOwnMail(house, at, settings.email.own, body)
  }),
  reads(tryReturns, (at) => tryReturnsOf(house, at)),
]

const shownReturns = ({ domain, bounces, answers, trial }: MailReturns) => ({
  domain,
  bounces,
  answers,
  trial: trial && {
    sent: isoOf(instant(trial.sent)),
    heard: trial.heard === null ? null : isoOf(instant(trial.heard)),
  },
})

function returnsAfter(
  before: MailReturns | null,
  given:
    | {
        readonly domain?: string | undefined
        readonly bounces?: boolean | undefined
        readonly answers?: boolean | undefined
      }
    | null
    | undefined,
): MailReturns | null {
  if (given === null) return null
  const domain = given?.domain?.toLowerCase() ?? before?.domain
  if (given && domain === undefined) throw new Refusal('conflict', 'Name the mail domain that leads here.')
  if (domain === undefined) return before
  return {
    domain,
    bounces: given?.bounces ?? before?.bounces ?? false,
    answers: given?.answers ?? before?.answers ?? false,
    trial: before?.domain === domain ? before.trial : null,
  }
}

/** A server of one's own as it stands after this change, its password sealed, or both forgotten. */
async function mailAfter(
  house: ChannelHouse,
  { sql, vendor, engine, now }: Change,
  before: Known,
  given: Parameters<typeof ownAfter>[1] | null | undefined,
): Promise<{ own: OwnMail | null; hasPassword: boolean }> {
  const kept = before.settings.email.own
  if (given === undefined) return { own: kept, hasPassword: before.hasPassword }
  if (given === null) {
    await forgetSecret(sql, vendor, 'email')
    return { own: null, hasPassword: false }
  }
  const own = ownAfter(kept, given)
  const forbidden = house.ownMail?.forbidden(own) ?? null
  if (forbidden !== null) throw new Refusal('conflict', forbidden)
  if (given.password !== undefined) {
    const sealed = await sealJson(engine.vault, secretPlace(vendor, 'email'), { password: given.password })
    await keepSecret(sql, { vendor, channel: 'email', sealed, at: now })
    return { own, hasPassword: true }
  }
  if (!before.hasPassword || !samePlace(kept, own))
    throw new Refusal('conflict', 'Enter the password for this server and user.')
  return { own, hasPassword: true }
}

async function askTexts(house: ChannelHouse, engine: Engine, vendor: VendorId) {
  if (!house.twilio) return { ok: false, says: 'This house cannot speak to text providers.' }
  const { settings, sealed } = await engine.db.read('channels.check', { vendors: [vendor] }, async (sql) => ({
    settings: (await known(sql, vendor, 'look')).settings,
    sealed: await readSecret(sql, vendor, 'sms'),
  }))
  if (!isSetUp(settings) || sealed === null)
    return { ok: false, says: 'The account, its token and a number are needed first.' }
  const { token } = await openJson(engine.vault, secretPlace(vendor, 'sms'), sealed)
  return house.twilio.ask({
    account: settings.sms.account ?? '',
    from: settings.sms.from ?? '',
    token: String(token),
  })
}

const given = <T extends object>(one: T): { [Key in keyof T]?: NonNullable<T[Key]> } =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: NonNullable<T[Key]>
  }
