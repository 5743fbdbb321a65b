import type { z } from 'zod'
import { domainOf, type Mail, messageIdFor } from '../channels/email/mail.ts'
import type { OwnMailHouse } from '../channels/email/own-mail.ts'
import { tryServer } from '../channels/email/trial.ts'
import type { changeChannels, tryMailServer } from '../contract/channels.ts'
import { OWN_MAIL_PER_HOUR, type OwnMail } from '../core/channel-settings.ts'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { isSample } from '../core/sample.ts'
import type { Engine } from '../engine/engine.ts'
import { membersOf } from '../engine/members.ts'
import { openJson } from '../engine/views.ts'
import { secretPlace } from '../outgoing.ts'
import { readSecret } from '../store/brand.ts'
import { insertAudit } from '../store/changes.ts'

type Given = NonNullable<NonNullable<z.output<typeof changeChannels.body>['email']>['own']>
type Trial = z.output<typeof tryMailServer.body>
type Told = z.input<typeof tryMailServer.answer>

/** The mail server of a business after a change; complete or refused. The password is judged by `needsPassword`. */
export function ownAfter(before: OwnMail | null, given: Given): OwnMail {
  const { password: _, ...settings } = given
  const fresh = { use: false, name: null, perHour: OWN_MAIL_PER_HOUR }
  const known = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  const after = { ...fresh, ...before, ...known } as Partial<OwnMail>
  const { host, port, tls, user, from } = after
  if (!host || !port || !tls || !user || !from)
    throw new Refusal('conflict', 'A mail server needs its name, port, encryption, user and sender address.')
  return { ...fresh, ...after, host, port, tls, user, from }
}

/** A kept password is for the server and the user it was entered for, and for nobody else. */
export const samePlace = (before: OwnMail | null, after: Pick<OwnMail, 'host' | 'port' | 'tls' | 'user'>) =>
  before !== null &&
  before.host === after.host &&
  before.port === after.port &&
  before.tls === after.tls &&
  before.user === after.user

const TRIED_WITHIN_MS = 30_000

/** Really connects, signs in, and sends one letter to whoever tries it. */
export async function tryOwnMail(
  house: { readonly ownMail: OwnMailHouse | null; readonly sending: boolean },
  at: { readonly engine: Engine; readonly vendor: VendorId; readonly actor: string },
  kept: OwnMail | null,
  trial: Trial,
): Promise<Told> {
  const { engine, vendor, actor } = at
  if (house.ownMail === null || isSample(vendor))
    throw new Refusal('conflict', 'Nothing leaves from here: open a business of your own to try its mail.')
  const { me, sealed } = await engine.db.read('channels.try', { vendors: [vendor] }, async (sql) => ({
    me: (await membersOf(engine, sql, vendor)).find((one) => `member:${one.id}` === actor),
    sealed: await readSecret(sql, vendor, 'email'),
  }))
  if (!me) throw new Refusal('conflict', 'A key has no mailbox: sign in, and try it yourself.')
  const own: OwnMail = { ...trial, use: true, perHour: OWN_MAIL_PER_HOUR }
  const password =
    trial.password ??
    (sealed !== null && samePlace(kept, own)
      ? String((await openJson(engine.vault, secretPlace(vendor, 'email'), sealed)).password)
      : null)
  if (password === null) throw new Refusal('conflict', 'Enter the password for this server and user.')
  const begun = engine.clock.now()
  const id = engine.rng.uuid7(begun)
  const letter = house.sending ? testLetter(own, { name: me.name, address: me.email }, id) : null
  const trouble = await tryServer(
    house.ownMail.server(own, password),
    own.from,
    letter,
    AbortSignal.timeout(TRIED_WITHIN_MS),
  )
  const now = engine.clock.now()
  const step = trouble?.step ?? 'done'
  const detail = { host: own.host, port: own.port, step }
  await engine.db.tx('channels.tried', { vendors: [vendor] }, (sql) =>
    insertAudit(sql, [
      { vendor, id, at: now, actor, action: 'channels.mail_tried', subject: vendor, detail },
    ]),
  )
  const said =
    trouble?.says ??
    (letter
      ? `${own.host} took a letter for ${me.email}. Look whether it has arrived.`
      : `${own.host} lets us in. No letter was sent: nothing leaves this installation yet.`)
  return {
    ok: trouble === null,
    step,
    says: said,
    help: trouble?.help ?? null,
    sent: trouble === null && letter !== null,
    to: me.email,
    tookMs: Math.max(0, now - begun),
  }
}

const TEST_WORDS =
  'This letter shows that your mail server takes letters from WedSync. If you can read it, you can keep the settings and switch them on.'

const testLetter = (own: OwnMail, to: Mail['to'], id: string): Mail => ({
  from: { ...(own.name === null ? {} : { name: own.name }), address: own.from },
  to,
  subject: 'Your mail server works',
  text: `${TEST_WORDS}\n`,
  html: `<p>${TEST_WORDS}</p>`,
  messageId: messageIdFor(id.replaceAll('-', ''), domainOf(own.from)),
})
