import { type Branch, journey } from '../core/journey/builder.ts'
import type { EventPattern } from '../core/journey/condition.ts'
import { booked, LEAVES_WHEN_LOST, paid, STILL_AHEAD, stage, WEDDING_HAS_COME, whileAhead } from './events.ts'
import { type Answers, letter, offering, type Template } from './template.ts'

const TOUR = booked('tour')
const HELD: EventPattern = {
  event: 'meeting_held',
  if: { fact: 'event.meeting', is: 'equal', value: 'tour' },
}
const SIGNED: EventPattern = { event: 'contract_signed' }
const seen = { alsoPast: true }

/** From the brochure to the deposit: quick with the answer, patient with the decision, honest about the hold. */
export const venue: Template = {
  key: 'venue-inquiry-to-signed',
  version: 3,
  name: 'Inquiry, tour, signed',
  says: 'The brochure within minutes, a tour, the quote while it is fresh, and a date held for just as long as you say.',
  trades: ['venue'],
  questions: [
    {
      key: 'brochure',
      label: 'Your brochure',
      hint: 'Rooms, prices, open dates. Without one the letter offers to answer questions.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'tour',
      label: 'Where couples book a tour',
      hint: 'Your booking page. Without one they are asked to propose a day.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'virtual_tour',
      label: 'A film or a walk through the house',
      hint: 'For those who live far away.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'arrival',
      label: 'How guests of a tour arrive',
      hint: 'One sentence: parking, entrance, whom to ask for.',
      kind: 'words',
      otherwise: 'Come to the main entrance and ask for us; there is room to park.',
    },
    {
      key: 'hold_days',
      label: 'Days you hold a date after the quote',
      hint: 'The letters and your tasks keep to it.',
      kind: 'number',
      otherwise: '10',
    },
  ],
  write: (answers) => {
    const hold = Math.max(4, Number(answers.words('hold_days')))
    return journey('Venue: inquiry, tour, signed', {
      category: 'inquiry',
      reentry: 'per_wedding',
      description: 'Brochure, tour, quote, a date that is held, contract and deposit.',
      leaveOn: LEAVES_WHEN_LOST,
    })
      .on('client_added', undefined, { if: { fact: 'client.stage', is: 'equal', value: 'inquiry' } })
      .goal('is-booked', stage('booked'))
      .email('brochure', {
        ...offering(
          answers,
          'brochure',
          'See rooms, prices and dates',
          (last) =>
            letter(
              'Your wedding at our house',
              'Congratulations, and thank you for thinking of us.',
              last,
              'The best way to know a place is to stand in it. Come and see us?',
            ),
          {
            linked:
              'Our brochure shows the rooms, the garden in all its weathers, our prices without small print, and the dates that are still free.',
            bare: 'Tell us roughly how many guests you expect and which months you have in mind, and we answer with the dates that are free and what they cost.',
          },
        ),
        when: '5 minutes',
        late: 'send_now',
        class: 'transactional',
        phase: 'Inquiry',
      })
      .waitFor(
        'tour-booked-1',
        TOUR,
        '1 day at 10:00',
        { timeout: (p) => whileAhead(p, 'in-time', invite(answers), lost('too-soon')) },
        seen,
      )
      .email('tour-confirmed', {
        ...letter(
          'See you at the house',
          'Your tour is in our diary, and we look forward to showing you around.',
          answers.words('arrival'),
          'Bring everybody whose opinion counts. An hour is enough to see it all.',
        ),
        when: '10 minutes',
        late: 'send_now',
        class: 'transactional',
        phase: 'Tour',
      })
      .email('tour-tomorrow', {
        ...letter(
          'Tomorrow at our house',
          'A short note so that nobody stands in front of a closed door: we meet tomorrow. If something has come up, reply to this mail and we find another day.',
        ),
        when: '1 day before meeting:tour at 16:00',
        late: 'skip',
        class: 'transactional',
        phase: 'Tour',
      })
      .waitFor('tour-held-1', HELD, '2 days after meeting:tour at 10:00', {
        timeout: (p) => whileAhead(p, 'another-day', missedYou(answers), lost('tour-over')),
      })
      .task('quote-ready', 'Write their quote while the tour is fresh, and send it. Done when it is sent.', {
        due: '1 day',
        gate: true,
      })
      .task('hold-date', `Hold their date for ${hold} days.`, { due: '1 day' })
      .condition(
        'quote-in-time',
        { over: { if: WEDDING_HAS_COME, go: lost('no-quote') } },
        undefined,
        STILL_AHEAD,
      )
      .email('quote', {
        ...letter(
          'It was lovely to meet you',
          'Thank you for coming. The quote we spoke about is on its way to you, with everything in it, down to the last chair.',
          `We hold your date for ${hold} days, so that you can sleep on it. Is there anything you would like to change? Reply to this mail.`,
        ),
        when: '3 hours',
        late: 'send_now',
        class: 'transactional',
        phase: 'Quote',
      })
      .waitFor(
        'signed-1',
        SIGNED,
        { after: { days: Math.floor(hold / 2) }, at: '10:00' },
        { timeout: (p) => whileAhead(p, 'held-in-time', stillHeld(hold), lost('held-over')) },
        seen,
      )
      .waitFor(
        'deposit-1',
        paid('deposit'),
        '3 days at 10:00',
        { timeout: (p) => whileAhead(p, 'deposit-in-time', depositMissing, depositCall('deposit-late')) },
        seen,
      )
      .action('booked', { setStage: 'booked' })
      .end('theirs')
      .build()
  },
}

const lost =
  (end: string): Branch =>
  (p) =>
    p.action(`lost-${end}`, { setStage: 'lost' }).end(end)

const invite =
  (answers: Answers): Branch =>
  (p) =>
    p
      .email('tour-invite', {
        ...offering(
          answers,
          'tour',
          'Choose a time',
          (last) =>
            letter(
              'When may we show you around?',
              'An hour is enough: the garden, the rooms, the kitchen, and the corner where everybody takes their picture.',
              last,
            ),
          {
            linked: 'Evenings and Sundays are fine.',
            bare: 'Reply with a day that suits you. Evenings and Sundays are fine.',
          },
        ),
        class: 'relationship',
        asksForAnswer: true,
        windows: { freeDay: 'later' },
        phase: 'Inquiry',
      })
      .waitFor('tour-booked-2', TOUR, '2 days at 10:00', {
        timeout: (quiet) =>
          quiet
            .task('call-inquiry', 'No tour booked three days after their inquiry. Call them.', {
              due: '1 day',
            })
            .waitFor('tour-booked-3', TOUR, '4 days at 10:00', {
              timeout: (far) => whileAhead(far, 'far-away', virtualTour(answers), lost('wedding-over')),
            }),
      })

const missedYou =
  (answers: Answers): Branch =>
  (p) =>
    p
      .email('missed-you', {
        ...offering(
          answers,
          'tour',
          'Choose another day',
          (last) =>
            letter('We missed you', 'We had everything ready, but you could not come. No harm done.', last),
          {
            linked: 'Here are the next free times.',
            bare: 'Reply with a day that suits you better, and we keep it for you.',
          },
        ),
        class: 'relationship',
        approval: { timeout: '2 days' },
        phase: 'Tour',
      })
      .waitFor('tour-held-2', HELD, '30 days at 10:00', { timeout: lost('no-tour') })

const virtualTour =
  (answers: Answers): Branch =>
  (p) =>
    p
      .email('virtual-tour', {
        ...offering(
          answers,
          'virtual_tour',
          'Walk through the house',
          (last) =>
            letter('The house, from your sofa', 'Perhaps the way is long, or the weeks are full.', last),
          {
            linked:
              'So here is a walk through the house, filmed on an ordinary Saturday with an ordinary amount of confetti.',
            bare: 'We gladly walk through the house with you on a video call: reply with an evening that suits you.',
          },
        ),
        class: 'relationship',
        windows: { freeDay: 'later' },
        phase: 'Inquiry',
      })
      .waitFor('tour-booked-4', TOUR, '21 days at 10:00', { timeout: lost('no-answer') })

const stillHeld =
  (hold: number): Branch =>
  (p) =>
    p
      .email('quote-nudge', {
        ...letter(
          'Your date is still held',
          'We are keeping your date free for a few more days. If a question stands in the way, ask us; most have a simple answer.',
        ),
        class: 'relationship',
        windows: { freeDay: 'later' },
        phase: 'Quote',
      })
      .waitFor(
        'signed-2',
        SIGNED,
        { after: { days: hold - Math.floor(hold / 2) - 1 }, at: '10:00' },
        {
          timeout: (late) =>
            late
              .email('hold-ends', {
                ...letter(
                  'Our hold on your date ends tomorrow',
                  'Tomorrow evening your date is open to others again. If you need two more days, tell us; we would rather wait for you than lose you.',
                ),
                class: 'transactional',
                asksForAnswer: true,
                phase: 'Quote',
              })
              .waitFor('signed-3', SIGNED, '1 day at 18:00', {
                timeout: (over) =>
                  over
                    .task(
                      'release-date',
                      'The hold has ended. Release the date, and tell those who asked for it.',
                      {
                        due: '1 day',
                      },
                    )
                    .waitFor('signed-4', SIGNED, '30 days at 10:00', { timeout: lost('hold-over') }),
              }),
        },
      )

const depositMissing: Branch = (p) =>
  p
    .email('deposit-nudge', {
      ...letter(
        'The last small step: your deposit',
        'Your contract is signed and safe with us. With the deposit the date is yours for good; sum and bank details stand in your contract.',
        'If it is on its way already, please forget this note.',
      ),
      class: 'transactional',
      windows: { freeDay: 'later' },
      phase: 'Contract',
    })
    .waitFor('deposit-2', paid('deposit'), '4 days at 10:00', {
      timeout: (late) =>
        late.task('deposit-call', 'Signed, but the deposit is missing after a week. Call them.', {
          due: '1 day',
          gate: true,
        }),
    })

const depositCall =
  (id: string): Branch =>
  (p) =>
    p.task(id, 'Their wedding day is here, and the deposit is still open. Call them.', {
      due: '1 day',
      gate: true,
    })
