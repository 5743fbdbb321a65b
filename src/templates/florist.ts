import { type Branch, journey } from '../core/journey/builder.ts'
import { form, LEAVES_WHEN_LOST, paid, STILL_AHEAD, WEDDING_HAS_COME, whileAhead } from './events.ts'
import { type Answers, letter, notice, offering, remindsUnlessAnswered, type Template } from './template.ts'

const FLOWERS = form('wedding_flowers')
const seen = { alsoPast: true }

/** From the first colours to a bouquet that is kept: and nobody orders stems before the numbers are final. */
export const florist: Template = {
  key: 'florist-inquiry-to-last-petal',
  version: 3,
  name: 'Inquiry to last petal',
  says: 'Questions about colours first, then the estimate, the design, the counts, the stem order, delivery and thanks.',
  trades: ['florist'],
  questions: [
    {
      key: 'wedding_flowers',
      label: 'Your flower questionnaire',
      hint: 'A form. Without one the letter asks four questions to be answered by mail.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'inspiration',
      label: 'A board for pictures',
      hint: 'Pinterest or your own. Without one they send pictures by mail.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'final_counts',
      label: 'Your form for the final counts',
      hint: 'Tables, bouquets, buttonholes.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'stem_order_days',
      label: 'Days before the wedding you order the stems',
      hint: 'After this day nothing changes.',
      kind: 'number',
      otherwise: '21',
    },
    {
      key: 'review',
      label: 'Where you would like to be reviewed',
      hint: 'Google, Hitched, The Knot, Bodas.net …',
      kind: 'link',
      otherwise: null,
    },
  ],
  write: (answers) =>
    journey('Florist: inquiry to last petal', {
      category: 'planning',
      reentry: 'per_wedding',
      description:
        'Questionnaire, estimate, proposal; then design, counts, the stem order, delivery, strike.',
      leaveOn: LEAVES_WHEN_LOST,
    })
      .on('client_added', undefined, { if: { fact: 'client.stage', is: 'equal', value: 'inquiry' } })
      .email('hello', {
        ...offering(
          answers,
          'wedding_flowers',
          'Tell us about your flowers',
          (last) =>
            letter(
              'Which flowers grow in your head?',
              'Congratulations, and thank you for writing to us. Before we talk about prices we would like to talk about you.',
              last,
            ),
          {
            linked:
              'Colours you keep coming back to, a garden you remember, a flower you cannot stand: ten minutes with our questionnaire, and we have something to think about before we speak.',
            bare: 'Which colours do you keep coming back to? Is there a garden you remember, or a flower you cannot stand? And how many guests will sit at the tables? Reply as it comes; pictures are welcome.',
          },
        ),
        when: '10 minutes',
        late: 'send_now',
        class: 'transactional',
        asksForAnswer: true,
        phase: 'Inquiry',
      })
      .waitFor(
        'told',
        FLOWERS,
        '2 days at 10:00',
        {
          timeout: (late) =>
            late
              .email('hello-again', {
                ...offering(
                  answers,
                  'wedding_flowers',
                  'Open the questionnaire',
                  (last) => letter('A picture says it too', last),
                  {
                    linked:
                      'If words are difficult, send us three pictures you like. They need not be of flowers.',
                    bare: 'If words are difficult, reply with three pictures you like. They need not be of flowers.',
                  },
                ),
                class: 'relationship',
                windows: { freeDay: 'later' },
                phase: 'Inquiry',
                ...remindsUnlessAnswered(answers, 'wedding_flowers'),
              })
              .waitFor('told-later', FLOWERS, '3 days at 10:00', {
                timeout: (quiet) =>
                  quiet.task(
                    'ring-inquiry',
                    'Have they told you about their flowers? If not, ring them once.',
                    {
                      due: '2 days',
                    },
                  ),
              }),
        },
        seen,
      )
      .task(
        'estimate',
        'Talk it through with them, then send an estimate within 48 hours. Done when it is sent.',
        {
          due: '5 days',
          gate: true,
        },
      )
      .condition('in-time', { over: { if: WEDDING_HAS_COME, go: lost('too-late') } }, undefined, STILL_AHEAD)
      .email('estimate-sent', {
        ...letter(
          'Your estimate, and how to read it',
          'Our estimate is on its way to you. It names a range for each piece, because a season decides more about a price than we do.',
          'Tell us what you would like more of and what you could do without. From your answer we write the proposal.',
        ),
        when: 'next 09:00',
        late: 'send_now',
        class: 'transactional',
        asksForAnswer: true,
        phase: 'Proposal',
      })
      .task('proposal', 'Write and send the proposal. Done when it is sent.', {
        due: '5 business days',
        gate: true,
      })
      .waitFor(
        'retainer',
        paid('retainer'),
        '7 days at 10:00',
        { timeout: (p) => whileAhead(p, 'undecided-in-time', undecided, lost('never-decided')) },
        seen,
      )
      .action('booked', { setStage: 'booked' }, { phase: 'Booked' })
      .condition(
        'planning-in-time',
        { over: { if: WEDDING_HAS_COME, go: bookedTooLate } },
        undefined,
        STILL_AHEAD,
      )
      .email('inspiration', {
        ...offering(
          answers,
          'inspiration',
          'Open your board',
          (last) =>
            letter(
              'A board to pin things to',
              'Thank you! Your date is in our book, and now the lovely part begins.',
              last,
            ),
          {
            linked:
              'This board belongs to the three of us. Pin whatever you like, even if it does not match; we look for what the pictures have in common.',
            bare: 'Send us whatever you like the look of, even if it does not match: fabric, paint, paintings. We look for what the pictures have in common.',
          },
        ),
        when: '1 day at 10:00',
        late: 'merge',
        class: 'relationship',
        phase: 'Booked',
      })
      .email('season', {
        ...letter(
          'What will be in bloom',
          'We are checking your list against the season. Most of it will be at its best; where it will not, we tell you what we would take instead, and why it is no loss.',
          'If there is one flower that must be there whatever it costs, this is the moment to say so.',
        ),
        when: '120 days before wedding at 10:00',
        late: 'skip',
        class: 'relationship',
        phase: 'Planning',
      })
      .email('design', {
        ...letter(
          'Come and see your table',
          'It is time to build one of your tables for real. Reply with an afternoon that suits you, and bring a napkin if you have one already.',
        ),
        when: '42 days before wedding at 10:00',
        late: 'merge',
        class: 'relationship',
        asksForAnswer: true,
        windows: { freeDay: 'earlier' },
        phase: 'Planning',
      })
      .task('design-agreed', 'Is the design meeting agreed? If not, call them.', {
        when: '37 days before wedding at 09:00',
        due: '30 days before wedding',
      })
      .email('counts', {
        ...offering(
          answers,
          'final_counts',
          'Enter the numbers',
          (last) => letter('Counting bouquets', 'Now the numbers count, because with them we order.', last),
          {
            linked: 'How many tables, how many bridesmaids, how many buttonholes, and is there a dog?',
            bare: 'Please reply: how many tables, how many bridesmaids, how many buttonholes, and is there a dog?',
          },
        ),
        when: '35 days before wedding at 10:00',
        late: 'compress',
        class: 'transactional',
        asksForAnswer: true,
        windows: { freeDay: 'earlier' },
        deadline: '26 days before wedding',
        phase: 'Planning',
      })
      .waitFor(
        'counted',
        form('final_counts'),
        '28 days before wedding at 10:00',
        {
          timeout: (p) =>
            p.task('counts-call', 'Are the final counts here? If not, call: the stems are ordered soon.', {
              due: '26 days before wedding',
            }),
        },
        seen,
      )
      .email('balance', {
        ...letter(
          'The balance for your flowers',
          'With the final counts comes the final sum: our invoice is on its way to you. It is due this week, so that we can order at the market with a light heart.',
        ),
        when: '26 days before wedding at 09:00',
        late: 'send_now',
        class: 'transactional',
        phase: 'Planning',
      })
      .task('stems', 'Order the stems. No changes after this.', {
        when: { before: { days: stemDays(answers) }, of: 'wedding', at: '08:00' },
        due: { before: { days: Math.max(1, stemDays(answers) - 1) }, of: 'wedding' },
      })
      .forEach(
        'houses',
        'vendor',
        (each) =>
          each.email('delivery', {
            ...notice(
              'Flowers: our delivery',
              'We deliver and install the flowers at the wedding we share. Please reply with the hour from which we may come in, where we may stop with the van, and whom we call on the day.',
              'Our own times follow with your answer. If anything does not suit your plan, call us.',
            ),
            to: 'each',
            when: '10 days before wedding at 10:00',
            late: 'send_now',
            windows: { businessDay: 'earlier' },
            class: 'transactional',
            phase: 'Planning',
          }),
        { id: 'all-told', mode: 'all', atOnceMax: 8 },
      )
      .task('conditioning', 'Condition the stems; look at the weather; ice for the van.', {
        phase: 'Wedding week',
        when: '3 days before wedding at 07:00',
        due: '2 days before wedding',
      })
      .email('tomorrow', {
        ...letter(
          'Tomorrow there will be flowers',
          'Your bouquet stands in the cool room and looks splendid. Tomorrow we come at the agreed time; keep it in water until you walk.',
          'If anything comes up, call {{ vendor.phone | default: "the number on your invoice" }}.',
        ),
        when: '1 day before wedding at 15:00',
        late: 'send_now',
        class: 'transactional',
        band: 'critical',
        deadline: '1 day before wedding at 18:00',
        phase: 'Wedding week',
      })
      .task('strike', 'Strike, count the vases, return the rentals.', {
        phase: 'After',
        when: '1 day after wedding at 09:00',
        due: '2 days after wedding',
      })
      .email('thanks', {
        ...letter(
          'How to keep a bouquet',
          'Thank you for letting us into your colours. Hang the bouquet upside down in a dark, dry place for three weeks, and it will be with you for years.',
        ),
        when: '2 days after wedding at 11:00',
        late: 'skip',
        class: 'relationship',
        phase: 'After',
      })
      .condition('all-well', {
        unhappy: {
          if: { fact: 'client.tags', is: 'one_of', value: ['complaint', 'refund'] },
          go: (p) =>
            p
              .task('make-it-good', 'They were not happy. Call them.', { role: 'owner', due: '2 days' })
              .end('in-person'),
        },
      })
      .email('review', {
        ...offering(
          answers,
          'review',
          'Write a review',
          (last) =>
            letter('Did the flowers speak?', 'If they did, others would like to hear what they said.', last),
          {
            linked: 'Would you repeat it in two sentences, for couples who are looking for a florist?',
            bare: 'Would you reply with two sentences that we may show to couples who are looking for a florist?',
          },
        ),
        when: '14 days after wedding at 18:00',
        late: 'skip',
        class: 'relationship',
        asksForAnswer: true,
        windows: { freeDay: 'later' },
        phase: 'After',
      })
      .email('pictures', {
        ...letter(
          'May we show your flowers?',
          'By now your photographer’s pictures may have arrived, and some of them are mostly flowers. May we show a few on our website, with the photographer’s name?',
          'Reply with a yes or a no; a no is just as welcome.',
        ),
        when: '60 days after wedding at 18:00',
        late: 'skip',
        class: 'relationship',
        phase: 'After',
      })
      .end('last-petal')
      .build(),
}

const stemDays = (answers: Answers): number =>
  Math.min(25, Math.max(4, Number(answers.words('stem_order_days'))))

const lost =
  (end: string): Branch =>
  (p) =>
    p.action(`lost-${end}`, { setStage: 'lost' }).end(end)

const bookedTooLate: Branch = (p) =>
  p
    .task('what-happened', 'Their retainer is here, and their wedding day has come. Call them.', {
      role: 'owner',
      due: '1 day',
    })
    .end('by-telephone')

const undecided: Branch = (p) =>
  p
    .email('proposal-nudge', {
      ...letter(
        'Is there a flower too many in it?',
        'You have had our proposal for a week. If something in it is not right yet, or the sum is more than you had in mind, tell us: there is nearly always another way to the same picture.',
      ),
      class: 'relationship',
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      phase: 'Proposal',
    })
    .waitFor('retainer-later', paid('retainer'), '7 days at 10:00', {
      timeout: (late) =>
        late.task(
          'ask-retainer',
          'The retainer is still open after two weeks. Ask, before you keep the date free.',
          {
            due: '3 days',
            gate: true,
          },
        ),
    })
