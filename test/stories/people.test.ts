import { describe, expect, test } from 'vitest'
import { daysBefore, journeyOf, mail, tag, wait } from '../fixtures/told-run.ts'
import { both, LONDON, startedRun, story } from './story.ts'

const wedding = { on: '2027-06-12', zone: LONDON }
const letters = journeyOf(
  [mail('welcome'), wait('ten', daysBefore(10)), mail('headcount')],
  ['welcome>ten', 'ten>headcount'],
)

describe('two people, one couple', () => {
  test('both are written to, each once', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('letters', letters)
    const couple = await s.couple({ people: both, wedding })
    await s.event(couple.client, 'contract_signed')
    await s.runUntil('2027-07-01T00:00:00Z')
    // Which of the two letters of a minute is taken first is the mail server's affair.
    expect((await s.told(couple.client)).sort()).toEqual([
      '2027-05-01 09:00 welcome → partner_a',
      '2027-05-01 09:00 welcome → partner_b',
      '2027-06-02 09:00 headcount → partner_a',
      '2027-06-02 09:00 headcount → partner_b',
    ])
  })

  test('who share an address find one letter in it', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('letters', letters)
    const couple = await s.couple({
      people: both.map((one) => ({ ...one, email: 'us@example.org' })),
      wedding,
    })
    await s.event(couple.client, 'contract_signed')
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(couple.client)).toEqual([
      '2027-05-01 09:00 welcome → partner_a',
      '2027-06-02 09:00 headcount → partner_a',
    ])
  })

  test('one mailbox does not exist: the other partner hears everything, the vendor is told, the journey goes on', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z', refuses: (to) => to === 'partner_b' })
    await s.publishes('letters', letters)
    const couple = await s.couple({ people: both, wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(couple.client)).toEqual([
      '2027-05-01 09:00 welcome → partner_a',
      '2027-06-02 09:00 headcount → partner_a',
    ])
    expect(await s.today()).toEqual(['welcome: failed_send', 'headcount: failed_send'])
    expect(await s.status(run)).toBe('completed')
  })

  test('nobody can be reached by a message with a deadline: a task lies on the desk before it', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z', refuses: () => true })
    const deadline = { before: { days: 7 }, of: 'wedding' }
    await s.publishes(
      'letters',
      journeyOf(
        [mail('final-count', { when: daysBefore(14), deadline }), tag('counted')],
        ['final-count>counted'],
      ),
    )
    const couple = await s.couple({ people: both, wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    await s.runUntil('2027-06-01T00:00:00Z')
    expect(await s.desk()).toEqual(['final-count: mailbox_unknown'])
    expect(await s.status(run)).toBe('completed')
  })
})

describe('what people have agreed to', () => {
  const contractAndOffer = journeyOf(
    [
      mail('contract', { class: 'transactional' }),
      wait('week', { after: { days: 7 } }),
      mail('album-offer', { class: 'marketing' }),
      tag('done'),
    ],
    ['contract>week', 'week>album-offer', 'album-offer>done'],
  )

  test('who wants no offers still gets the contract', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('contract', contractAndOffer)
    const couple = await s.couple({ wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    await s.runUntil('2027-06-01T00:00:00Z')
    expect(await s.told(couple.client)).toEqual(['2027-05-01 09:00 contract → partner_a'])
    expect(await s.today()).toEqual(['album-offer: no_consent'])
    expect(await s.status(run)).toBe('completed')
  })

  test('who has agreed gets both', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('contract', contractAndOffer)
    const may = { email: ['transactional', 'relationship', 'marketing'] as const }
    const couple = await s.couple({ people: [{ ...both[0]!, may }], wedding })
    await s.event(couple.client, 'contract_signed')
    await s.runUntil('2027-06-01T00:00:00Z')
    expect((await s.told(couple.client)).map((line) => line.split(' ')[2])).toEqual([
      'contract',
      'album-offer',
    ])
  })

  test('without an address nothing is sent, and the vendor hears of it once for each letter', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('letters', letters)
    const couple = await s.couple({ people: [{ ref: 'partner_a', name: 'Anna Ashworth' }], wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(couple.client)).toEqual([])
    expect(await s.today()).toEqual(['welcome: no_address', 'headcount: no_address'])
    expect(await s.status(run)).toBe('completed')
  })
})

describe('somebody unsubscribes', () => {
  test('while the mail server makes a letter wait: it is not sent, and the journey goes on without it', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z', busyUntil: '2027-05-01T08:00:10Z' })
    const offers = journeyOf(
      [
        mail('offer', { class: 'marketing' }),
        wait('day', { after: { days: 1 } }),
        mail('contract', { class: 'transactional' }),
      ],
      ['offer>day', 'day>contract'],
    )
    await s.publishes('offers', offers)
    const may = { email: ['transactional', 'relationship', 'marketing'] as const }
    const couple = await s.couple({ people: [{ ...both[0]!, may }], wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    expect(await s.told(couple.client)).toEqual([])
    await s.unsubscribes('anna@example.org', 'marketing')
    await s.runUntil('2027-06-01T00:00:00Z')
    expect((await s.told(couple.client)).map((line) => line.split(' ')[2])).toEqual(['contract'])
    expect(await s.status(run)).toBe('completed')
  })
})

describe('two journeys about one couple', () => {
  const moved = (id: string, trigger: object = { type: 'custom_event', config: { name: id } }) =>
    journeyOf(
      [
        { id: 'begin', kind: 'trigger', ...trigger },
        { id: 'hold', kind: 'action', do: { holdJourneys: id } },
        wait('talk', { after: { days: 3 } }),
        mail('talked'),
        { id: 'release', kind: 'action', do: { releaseJourneys: id } },
      ],
      ['begin>hold', 'hold>talk', 'talk>talked', 'talked>release'],
    )

  test('while the one talks about bad news the other is silent, and goes on after it', async () => {
    const s = await story({ now: '2027-05-31T08:00:00Z' })
    await s.publishes('letters', letters)
    await s.publishes('bad-news', moved('bad_news'))
    const couple = await s.couple({ wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    await s.runUntil('2027-06-01T12:00:00Z')
    await s.event(couple.client, 'custom_event', { name: 'bad_news' })
    await s.runUntil('2027-06-04T11:00:00Z')
    expect(await s.status(run)).toBe('paused')
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(couple.client)).toEqual([
      '2027-05-31 09:00 welcome → partner_a',
      '2027-06-04 13:00 talked → partner_a',
      '2027-06-05 10:00 headcount → partner_a',
    ])
    expect(await s.status(run)).toBe('completed')
  })

  test('a journey that begins meanwhile is silent as well', async () => {
    const s = await story({ now: '2027-05-31T08:00:00Z' })
    await s.publishes('letters', letters)
    await s.publishes('bad-news', moved('bad_news'))
    const couple = await s.couple({ wedding })
    await s.event(couple.client, 'custom_event', { name: 'bad_news' })
    await s.event(couple.client, 'contract_signed')
    await s.runUntil('2027-06-03T07:00:00Z')
    expect(await s.told(couple.client)).toEqual([])
    await s.runUntil('2027-06-10T07:00:00Z')
    expect((await s.told(couple.client)).map((line) => line.split(' ')[2])).toEqual([
      'talked',
      'welcome',
      'headcount',
    ])
  })

  test('one that ends without letting go has let go', async () => {
    const s = await story({ now: '2027-05-31T08:00:00Z' })
    await s.publishes('letters', letters)
    const forgetful = [
      { id: 'begin', kind: 'trigger', type: 'custom_event', config: { name: 'bad_news' } },
      { id: 'hold', kind: 'action', do: { holdJourneys: 'bad_news' } },
      wait('talk', { after: { days: 3 } }),
    ]
    await s.publishes('forgetful', journeyOf(forgetful, ['begin>hold', 'hold>talk']))
    const couple = await s.couple({ wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    await s.event(couple.client, 'custom_event', { name: 'bad_news' })
    expect(await s.status(run)).toBe('paused')
    await s.runUntil('2027-06-10T07:00:00Z')
    expect(await s.status(run)).toBe('completed')
  })

  test('the one is stopped by a slip, and taken up again: the other is silent again', async () => {
    const s = await story({ now: '2027-05-31T08:00:00Z' })
    await s.publishes('letters', letters)
    await s.publishes('bad-news', moved('bad_news'))
    const couple = await s.couple({ wedding })
    const run = startedRun(await s.event(couple.client, 'contract_signed'))
    const bad = startedRun(await s.event(couple.client, 'custom_event', { name: 'bad_news' }))
    const stopped = await s.commands(bad, { do: 'stop', reason: 'a slip' })
    expect(await s.status(run)).toBe('waiting')
    await s.takesCommandBack(stopped.is === 'obeyed' ? stopped.command : '')
    expect([await s.status(bad), await s.status(run)]).toEqual(['waiting', 'paused'])
    await s.runUntil('2027-07-01T00:00:00Z')
    expect((await s.told(couple.client)).map((line) => line.split(' ')[2])).toEqual([
      'welcome',
      'talked',
      'headcount',
    ])
  })

  test('two that hold each other at the same moment: neither waits for ever', async () => {
    const s = await story({ now: '2027-05-31T08:00:00Z' })
    await s.publishes('one', moved('first', { type: 'contract_signed' }))
    await s.publishes('two', moved('second', { type: 'contract_signed' }))
    const couple = await s.couple({ wedding })
    const { started } = await s.event(couple.client, 'contract_signed')
    expect(started).toHaveLength(2)
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await Promise.all(started.map(({ run }) => s.status(run)))).toEqual(['completed', 'completed'])
  })
})
