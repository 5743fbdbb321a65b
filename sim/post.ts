import type { Meaning, ReturnWhy } from '../src/core/returned-mail.ts'
import { HOUR_MS, MINUTE_MS, plusMs, SECOND_MS } from '../src/core/time/instant.ts'
import { hearMail } from '../src/engine/hear-mail.ts'
import type { Couple, PeopleFacts } from './people.ts'
import type { Call } from './provider.ts'

/**
 * What comes back of a letter that was accepted: it is returned, complained of or answered; at once or days later, told
 * twice, and sometimes one thing after its contrary.
 */
export function letterComesBack(facts: PeopleFacts, couples: readonly Couple[], call: Call): void {
  if (call.did !== 'accepted' || call.to === null) return
  const couple = couples.find(
    (one) => one.vendor.id === call.vendor && one.people.some((who) => who.email === call.to),
  )
  if (!couple) return
  const meaning = drawMeaning(facts, couple, call.to)
  if (meaning === null) return
  const { dice, faults } = facts
  const at = plusMs(
    call.at,
    dice.pick([dice.int(0, 30) * SECOND_MS, dice.int(1, 90) * MINUTE_MS, dice.int(2, 80) * HOUR_MS]),
  )
  const tell = (when: typeof at, what: Meaning, key: string): void =>
    planMail(facts, couple, call, when, what, key)
  const key = `mail-${call.effect}-${call.attempt}`
  tell(at, meaning, key)
  if (faults.strikes('letter_told_twice')) tell(plusMs(at, dice.int(0, 3) * HOUR_MS), meaning, key)
  if (!faults.strikes('letter_contradicted')) return
  const words = { text: `${couple.vendor.canary} got it`, subject: 'Re', from: null }
  const contrary: Meaning =
    meaning.is === 'returned'
      ? { is: 'answer', from: call.to, files: 0, words }
      : returned('mailbox_full', false)
  tell(plusMs(at, dice.int(0, 600) * SECOND_MS), contrary, `${key}-but`)
}

function drawMeaning({ faults, dice }: PeopleFacts, { vendor }: Couple, from: string): Meaning | null {
  const words = { text: `${vendor.canary} thank you`, subject: 'Re', from: null }
  if (faults.strikes('letter_returned'))
    return returned(dice.pick(['mailbox_full', 'refused', 'not_reached']), false)
  if (faults.strikes('letter_bounced_for_good')) return returned('mailbox_unknown', true)
  if (faults.strikes('letter_complained_of')) return { is: 'complaint', kind: 'abuse' }
  if (!faults.strikes('letter_answered')) return null
  return dice.chance(0.3) ? { is: 'automatic', kind: 'away', words } : { is: 'answer', from, files: 0, words }
}

const returned = (why: ReturnWhy, dead: boolean): Meaning => ({
  is: 'returned',
  why,
  status: null,
  dead,
  words: { said: null },
})

function planMail(
  { plan, acknowledged }: PeopleFacts,
  couple: Couple,
  call: Call,
  at: PeopleFacts['start'],
  meaning: Meaning,
  key: string,
): void {
  const vendor = couple.vendor.id
  plan({
    at,
    what: `${couple.key}: a letter ${meaning.is === 'returned' ? 'comes back' : `is told of: ${meaning.is}`}`,
    keyed: true,
    async do(engine) {
      // Whose address is silenced by it hears other things than the oracle thinks.
      if (meaning.is === 'complaint' || (meaning.is === 'returned' && meaning.dead)) couple.changed = true
      const mark = Buffer.from(await engine.vault.mark(vendor, 'email', call.to!)).toString('hex')
      const effect = call.effect.replaceAll('-', '')
      const heard = await hearMail(engine, {
        vendor,
        effect,
        mark: mark.slice(0, 16),
        key,
        ours: [],
        meaning,
      })
      if (heard === 'not_yet') throw new Error('the letter is still being sent')
      if (heard === 'taken')
        acknowledged.push({ vendor, source: 'mail', key, client: couple.client!, type: 'mail' })
    },
  })
}
