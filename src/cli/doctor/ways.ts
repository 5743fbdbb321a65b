import { askMail } from '../../channels/email/ask-mail.ts'
import { type ChannelSettings, channelsOf, ownMailOf } from '../../core/channel-settings.ts'
import type { VendorId } from '../../core/ids.ts'
import { isSample } from '../../core/sample.ts'
import { openJson } from '../../engine/views.ts'
import type { House } from '../../main.ts'
import { isSetUp, secretPlace } from '../../outgoing.ts'
import { readDress, readSecret } from '../../store/brand.ts'
import { allVendors } from '../../store/journeys.ts'
import { openBreakers } from '../../store/workers.ts'
import { count } from '../terminal.ts'
import { type Finding, lookAt, mend, well } from './finding.ts'

/** The ways by which letters and texts leave: what does not answer now, and what businesses have set up themselves. */
export async function ways(house: House, ask: boolean): Promise<Finding[]> {
  return [...(await breakers(house)), ...(await ownWays(house, ask))]
}

async function breakers({ engine }: House): Promise<Finding[]> {
  const open = await openBreakers(engine.db, engine.clock.now())
  if (open.length === 0) return [well('providers', 'None is being spared because it did not answer.')]
  const names = new Map((await allVendors(engine.db)).map((one) => [String(one.vendor_id), one.name]))
  return [...new Set(open.map((one) => one.provider))].map((provider) => {
    const whose = open
      .filter((one) => one.provider === provider)
      .map((one) => names.get(one.vendor) ?? one.vendor)
    return mend(
      'providers',
      `${provider} did not answer several times in a row and is asked only now and then, for ${someOf(whose)}.`,
      'What is to be sent waits and goes out when it answers. See whether it is up, and its account still right.',
    )
  })
}

const NAMED_MAX = 5
const someOf = (names: readonly string[]): string =>
  names.length <= NAMED_MAX
    ? names.join(', ')
    : `${names.slice(0, NAMED_MAX).join(', ')} and ${names.length - NAMED_MAX} more`

type Way = {
  readonly vendor: VendorId
  readonly name: string
  readonly channel: 'email' | 'sms'
  readonly settings: ChannelSettings
  readonly sealed: Uint8Array | null
}
const IN_WORDS = { email: 'mail server of its own', sms: 'account for texts' } as const

async function ownWays(house: House, ask: boolean): Promise<Finding[]> {
  const found = await waysOf(house)
  if (found.length === 0)
    return [well('channels', 'No business has a mail server or an account for texts of its own.')]
  const half = found.filter((one) => one.sealed === null || (one.channel === 'sms' && !isSetUp(one.settings)))
  const whole = found.filter((one) => !half.includes(one))
  return [
    ...half.map((one) =>
      mend(
        'channels',
        `${one.name}: its ${IN_WORDS[one.channel]} is switched on and not set up to its end.`,
        'Settings, Channels, of that business.',
      ),
    ),
    ...(ask
      ? await askedInTurn(house, whole)
      : [
          lookAt(
            'channels',
            `${count(whole.length, 'way')} of businesses’ own, not asked.`,
            'wedsync doctor --ask-channels asks each, without sending anything.',
          ),
        ]),
  ]
}

async function waysOf({ engine }: House): Promise<Way[]> {
  const found: Way[] = []
  for (const { vendor_id: vendor, name } of await allVendors(engine.db)) {
    if (isSample(vendor)) continue
    found.push(
      ...(await engine.db.read('doctor.channels', { vendors: [vendor] }, async (sql) => {
        const settings = channelsOf((await readDress(sql, vendor))?.channels)
        const used = [
          ...(ownMailOf(settings) ? ['email' as const] : []),
          ...(settings.sms.sending ? ['sms' as const] : []),
        ]
        const of: Way[] = []
        for (const channel of used)
          of.push({ vendor, name, channel, settings, sealed: await readSecret(sql, vendor, channel) })
        return of
      })),
    )
  }
  return found
}

/** A few at a time: a house may have a thousand businesses, and their servers are not ours to flood. */
const ASKED_AT_ONCE = 8

async function askedInTurn(house: House, all: readonly Way[]): Promise<Finding[]> {
  const told: Finding[] = []
  for (let at = 0; at < all.length; at += ASKED_AT_ONCE)
    told.push(...(await Promise.all(all.slice(at, at + ASKED_AT_ONCE).map((one) => asked(house, one)))))
  return told
}

async function asked(house: House, one: Way): Promise<Finding> {
  const { ok, says } = await answerOf(house, one).catch((error: Error) => ({
    ok: false,
    says: error.message,
  }))
  const told = `${one.name}, ${IN_WORDS[one.channel]}: ${says}`
  return ok
    ? well('channels', told)
    : mend('channels', told, 'Settings, Channels, of that business; what is to be sent waits meanwhile.')
}

async function answerOf({ engine, channels }: House, { vendor, channel, settings, sealed }: Way) {
  const secret = await openJson(engine.vault, secretPlace(vendor, channel), sealed!)
  const own = ownMailOf(settings)
  if (channel === 'sms')
    return (
      (await channels.twilio?.ask({
        account: settings.sms.account ?? '',
        from: settings.sms.from ?? '',
        token: String(secret.token),
      })) ?? NOT_FROM_HERE
    )
  if (!own || !channels.ownMail) return NOT_FROM_HERE
  const why = channels.ownMail.forbidden(own)
  return why === null
    ? askMail(channels.ownMail.server(own, String(secret.password)))
    : { ok: false, says: why }
}

const NOT_FROM_HERE = { ok: false, says: 'It cannot be asked from this house.' }
