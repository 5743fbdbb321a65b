import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { domainOf, type Mail, messageIdFor } from '../channels/email/mail.ts'
import { trialToken } from '../channels/email/return-address.ts'
import { tryServer } from '../channels/email/trial.ts'
import type { tryReturns } from '../contract/channels.ts'
import { channelsOf, type OwnMail, ownMailOf } from '../core/channel-settings.ts'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { isSample } from '../core/sample.ts'
import { plusMs } from '../core/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import { beginTrial } from '../engine/returns-trial.ts'
import { openJson } from '../engine/views.ts'
import { secretPlace } from '../outgoing.ts'
import { readDress, readSecret } from '../store/brand.ts'
import type { ChannelHouse } from './channel-house.ts'

type Told = z.input<typeof tryReturns.answer>
type At = { readonly engine: Engine; readonly vendor: VendorId; readonly actor: string }

const TRIED_WITHIN_MS = 30_000

/**
 * Sends a letter to the mail domain for returns the way letters of this business go, with the sender on its envelope
 * that they will have: what refuses it now would refuse all of them. That it came in is told when it does.
 */
export async function tryReturnsOf(house: ChannelHouse, { engine, vendor, actor }: At): Promise<Told> {
  if (!house.sending || isSample(vendor))
    throw new Refusal('conflict', 'Nothing leaves from here yet, so nothing can come back.')
  const { own, domain, sealed } = await engine.db.read('returns.try', { vendors: [vendor] }, async (sql) => {
    const channels = channelsOf((await readDress(sql, vendor))?.channels)
    return {
      own: ownMailOf(channels),
      domain: channels.email.returns?.domain ?? null,
      sealed: await readSecret(sql, vendor, 'email'),
    }
  })
  if (domain === null) throw new Refusal('conflict', 'Name the mail domain for returns first.')
  const from = own?.from ?? house.mailFrom
  if (from === null) throw new Refusal('conflict', 'There is no mail server here yet.')
  const trial = await beginTrial(engine, vendor, actor)
  const address = `${trialToken(house.returnSecret, vendor, trial)}@${domain}`
  const letter = trialLetter(from, address, trial)
  if (own === null) return byHouse(house, engine, letter)
  const password = sealed && (await openJson(engine.vault, secretPlace(vendor, 'email'), sealed)).password
  return byOwn(house, own, String(password ?? ''), letter)
}

async function byOwn(house: ChannelHouse, own: OwnMail, password: string, letter: Mail): Promise<Told> {
  if (house.ownMail === null) throw new Refusal('conflict', 'This house cannot reach your mail server.')
  const server = house.ownMail.server(own, password)
  const sender = letter.returnPath ?? letter.from.address
  const trouble = await tryServer(server, sender, letter, AbortSignal.timeout(TRIED_WITHIN_MS))
  if (trouble === null) return onItsWay(own.host)
  if (trouble.step !== 'sender') return { ok: false, says: trouble.says, help: trouble.help }
  return {
    ok: false,
    says: `${own.host} does not send letters with a return address at ${domainOf(sender)}.`,
    help: 'Ask your mail provider to allow this domain as a sender, or leave “Hear of letters that come back” off.',
  }
}

async function byHouse(house: ChannelHouse, engine: Engine, letter: Mail): Promise<Told> {
  if (house.mail === null) throw new Refusal('conflict', 'There is no mail server here yet.')
  const reply = await house.mail.send(letter, {
    key: createHash('sha256').update(letter.messageId).digest('hex'),
    attempt: 1,
    deadline: plusMs(engine.clock.now(), TRIED_WITHIN_MS),
    signal: AbortSignal.timeout(TRIED_WITHIN_MS),
  })
  return reply.is === 'accepted'
    ? onItsWay('The mail server')
    : {
        ok: false,
        says: `The mail server did not take the letter: ${reply.cause}.`,
        help: 'Whoever runs this house can see to it that it sends with this return address.',
      }
}

const onItsWay = (server: string): Told => ({
  ok: true,
  says: `${server} took the letter. It is on its way to the domain.`,
  help: null,
})

const WORDS =
  'This letter shows that mail for your domain for returns reaches WedSync. Nobody needs to answer it.'

const trialLetter = (from: string, address: string, trial: string): Mail => ({
  from: { address: from },
  to: { address },
  returnPath: address,
  subject: 'A letter that comes back',
  text: `${WORDS}\n`,
  html: `<p>${WORDS}</p>`,
  messageId: messageIdFor(trial.replaceAll('-', ''), domainOf(from)),
})
