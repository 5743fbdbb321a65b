import { changeChannels, checkChannel, readChannels } from '../../contract/channels.ts'
import { type ChannelSettings, channelsOf } from '../../core/channel-settings.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Engine } from '../../engine/engine.ts'
import { openJson, sealJson } from '../../engine/views.ts'
import { isPublic, isSetUp, secretPlace } from '../../outgoing.ts'
import type { Sql } from '../../ports.ts'
import { keepSecret, readDress, readSecret, setChannels } from '../../store/brand.ts'
import type { ChannelHouse } from '../channel-house.ts'
import { changes, type Route, reads } from '../frame/route.ts'
import { inboundPath } from '../public/twilio-hooks.ts'

type Known = { readonly vendor: VendorId; readonly settings: ChannelSettings; readonly hasToken: boolean }

async function known(sql: Sql, vendor: VendorId, how: 'lock' | 'look'): Promise<Known> {
  const row = await readDress(sql, vendor, how)
  if (!row) throw new Refusal('not_found', 'There is no such business here.')
  const hasToken = (await readSecret(sql, vendor, 'sms')) !== null
  return { vendor, settings: channelsOf(row.channels), hasToken }
}

const CLOSED =
  'Nothing leaves this installation yet. Whoever runs it switches sending on with WEDSYNC_SENDING.'

function shown(house: ChannelHouse, { vendor, settings, hasToken }: Known) {
  const { email, sms } = settings
  const noHouse = house.sending ? [] : [CLOSED]
  const noMail = house.mailFrom === null ? ['There is no mail server here yet (WEDSYNC_SMTP_URL).'] : []
  const noWayOut = isPublic(house.url)
    ? []
    : ['The public address (WEDSYNC_URL) must begin with https://, or nobody could unsubscribe.']
  const unset = isSetUp(settings) && hasToken ? [] : ['The account, its token and a number are needed.']
  const mailOn = email.sending ?? true
  return {
    house: { sending: house.sending, url: house.url },
    email: {
      leaves: house.sending && house.mailFrom !== null && mailOn,
      sending: mailOn,
      from: house.mailFrom,
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
    const after: Known = {
      vendor,
      hasToken: before.hasToken || token !== undefined,
      settings: {
        email: { ...before.settings.email, ...body.email },
        sms: { ...before.settings.sms, ...given(sms) },
      },
    }
    if (body.sms?.sending === true && !(isSetUp(after.settings) && after.hasToken))
      throw new Refusal('conflict', 'Name the account, its token and a number first; then switch texts on.')
    await setChannels(sql, vendor, after.settings)
    at.audit('channels.changed', vendor, {
      changed: [
        ...Object.keys(body.email ?? {}).map((name) => `email.${name}`),
        ...Object.keys(body.sms ?? {}).map((name) => `sms.${name}`),
      ],
      emailSending: after.settings.email.sending,
      smsSending: after.settings.sms.sending,
    })
    return shown(house, after)
  }),
  reads(checkChannel, async ({ engine, vendor }, { body }) => {
    const begun = engine.clock.now()
    const answer = body.channel === 'email' ? await house.askMail() : await askTexts(house, engine, vendor)
    return { ...answer, tookMs: Math.max(0, engine.clock.now() - begun) }
  }),
]

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
