import { journey } from '../src/core/journey/builder.ts'
import type { EventPattern } from '../src/core/journey/condition.ts'
import { letter, notice } from './letter.ts'

const form = (key: string): EventPattern => ({
  event: 'form_submitted',
  if: { fact: 'event.form', is: 'equal', value: key },
})
const custom = (name: string): EventPattern => ({
  event: 'custom_event',
  if: { fact: 'event.name', is: 'equal', value: name },
})
const meeting = (is: 'booked' | 'held', key: string): EventPattern => ({
  event: `meeting_${is}`,
  if: { fact: 'event.meeting', is: 'equal', value: key },
})

/** From the first question about colours to the bouquet that is dried and kept. */
export const florist = journey('Florist: inquiry to last petal', {
  category: 'planning',
  reentry: 'per_wedding',
  description:
    'Questionnaire, consultation, estimate; then design, counts, the stem order, delivery, strike.',
  leaveOn: [{ on: custom('inquiry_declined'), as: 'cancelled' }],
})
  .on('inquiry_received')
  .email('hello', {
    ...letter('Which flowers grow in your head?', [
      'Thank you for writing to us. Before we talk about prices we would like to talk about you: colours you keep coming back to, a garden you remember, a flower you cannot stand.',
      'Ten minutes with our questionnaire, and we have something to think about before we speak.',
    ]),
    when: '10 minutes',
    late: 'send_now',
    class: 'transactional',
    link: { label: 'Tell us about your flowers', url: '{{ links.wedding_flowers }}' },
    phase: 'Inquiry',
  })
  .waitFor(
    'told',
    form('wedding_flowers'),
    '2 days at 10:00',
    {
      timeout: (late) =>
        late
          .email('hello-again', {
            ...letter('A picture says it too', [
              'If words are difficult, send us three pictures you like. They need not be of flowers.',
            ]),
            link: { label: 'Open the questionnaire', url: '{{ links.wedding_flowers }}' },
            phase: 'Inquiry',
          })
          .waitFor('told-later', form('wedding_flowers'), '14 days at 10:00', {
            timeout: (p) => p.action('lost', { setStage: 'lost' }).end('no-answer'),
          }),
    },
    { alsoPast: true },
  )
  .email('consultation', {
    ...letter('Shall we talk it through?', [
      'We have read your answers twice and have ideas. Choose a time for a call; three quarters of an hour is plenty.',
    ]),
    when: '2 hours',
    late: 'send_now',
    asksForAnswer: true,
    link: { label: 'Choose a time', url: '{{ links.consultation }}' },
    phase: 'Inquiry',
  })
  .waitFor('consulted', meeting('held', 'consultation'), '21 days at 10:00', {
    timeout: (p) =>
      p.task('ring', 'No consultation after three weeks. Ring them once.', { due: '2 days' }).end('no-talk'),
  })
  .task('estimate', 'Send the estimate within 48 hours.', { due: '2 days', gate: true })
  .task('proposal', 'Write the proposal.', { due: '5 business days', gate: true })
  .waitFor('accepted', custom('proposal_accepted'), '7 days at 10:00', {
    timeout: (late) =>
      late
        .email('proposal-nudge', {
          ...letter('About our proposal', [
            'Is it what you imagined, or has something gone in a wrong direction? Both help us. Flowers can be changed; that is the beauty of them.',
          ]),
          asksForAnswer: true,
          link: { label: 'See the proposal', url: '{{ links.proposal }}' },
          phase: 'Inquiry',
        })
        .waitFor('accepted-later', custom('proposal_accepted'), '7 days at 10:00', {
          timeout: (p) => p.action('closed', { setStage: 'lost' }).end('declined-silently'),
        }),
  })
  .waitFor(
    'retainer',
    { event: 'payment_received', if: { fact: 'event.instalment', is: 'equal', value: 'retainer' } },
    '10 days at 10:00',
    {
      timeout: (p) =>
        p.task('ask-retainer', 'The retainer is still open. Ask before you hold the date.', {
          due: '2 days',
        }),
    },
    { alsoPast: true },
  )
  .action('booked', { setStage: 'booked' })
  .email('inspiration', {
    ...letter('A board to pin things to', [
      'This board belongs to the three of us. Pin whatever you like, even if it does not match; we look for what the pictures have in common.',
    ]),
    when: '7 days after booking at 10:00',
    late: 'merge',
    link: { label: 'Open your board', url: '{{ links.inspiration }}' },
    phase: 'Booked',
  })
  .email('season', {
    ...letter('What will be in bloom', [
      'We have checked your list against the season. Most of it will be at its best. Where it will not, we have noted what we would take instead, and why it is no loss.',
    ]),
    when: '120 days before wedding at 10:00',
    late: 'compress',
    link: { label: 'See the season check', url: '{{ links.season }}' },
    phase: 'Planning',
  })
  .email('design', {
    ...letter('Come and see your table', [
      'Six weeks to go: time to build one of your tables for real. Choose an afternoon, and bring a napkin if you have one already.',
    ]),
    when: '42 days before wedding at 10:00',
    late: 'send_now',
    asksForAnswer: true,
    windows: { freeDay: 'earlier' },
    link: { label: 'Choose an afternoon', url: '{{ links.design_meeting }}' },
    phase: 'Planning',
  })
  .waitFor(
    'design-booked',
    meeting('booked', 'design_meeting'),
    '37 days before wedding at 10:00',
    {
      timeout: (p) =>
        p.task('design-call', 'No design meeting booked. Call them.', { due: '30 days before wedding' }),
    },
    { alsoPast: true },
  )
  .email('counts', {
    ...letter('Counting bouquets', [
      'How many tables, how many bridesmaids, how many buttonholes, and is there a dog? With these numbers we order.',
    ]),
    when: '35 days before wedding at 10:00',
    late: 'compress',
    asksForAnswer: true,
    windows: { freeDay: 'earlier' },
    deadline: '28 days before wedding',
    link: { label: 'Enter the numbers', url: '{{ links.final_counts }}' },
    phase: 'Planning',
  })
  .waitFor(
    'counted',
    form('final_counts'),
    '29 days before wedding at 10:00',
    {
      timeout: (p) =>
        p.task('counts-call', 'Final counts are missing. Call; stems are ordered next week.', {
          due: '28 days before wedding',
        }),
    },
    { alsoPast: true },
  )
  .email('balance', {
    ...letter('The balance for your flowers', [
      'With the final counts comes the final sum. It is due this week, so that we can order at the market with a light heart.',
    ]),
    when: '27 days before wedding at 09:00',
    late: 'send_now',
    class: 'transactional',
    link: { label: 'Pay the balance', url: '{{ links.pay_balance }}' },
    phase: 'Planning',
  })
  .task('stems', 'Order the stems. No changes after this.', {
    when: '21 days before wedding at 08:00',
    due: '20 days before wedding',
  })
  .forEach(
    'houses',
    'vendor',
    (each) =>
      each.email('delivery', {
        ...notice('Flowers: our delivery', [
          'We deliver and install at the wedding we share. Our times, the lift we need and where the crates may stand are behind this link. If anything does not suit your own plan, call us.',
        ]),
        to: 'each',
        when: '10 days before wedding at 10:00',
        late: 'send_now',
        windows: { businessDay: 'earlier' },
        link: { label: 'See the schedule', url: '{{ links.delivery }}' },
        phase: 'Wedding week',
      }),
    { id: 'all-told', mode: 'all', atOnceMax: 8 },
  )
  .task('conditioning', 'Condition the stems; look at the weather; ice for the van.', {
    when: '3 days before wedding at 07:00',
    due: '2 days before wedding',
  })
  .email('tomorrow', {
    ...letter('Tomorrow there will be flowers', [
      'Your bouquet stands in the cool room and looks splendid. Tomorrow we come at the agreed time; put it into water until you walk.',
    ]),
    when: '1 day before wedding at 15:00',
    late: 'send_now',
    class: 'transactional',
    band: 'critical',
    deadline: '1 day before wedding at 18:00',
    phase: 'Wedding week',
  })
  .task('strike', 'Strike, count the vases, return the rentals.', {
    when: '1 day after wedding at 09:00',
    due: '2 days after wedding',
  })
  .email('thanks', {
    ...letter('How to keep a bouquet', [
      'Thank you for letting us into your colours. Hang the bouquet upside down in a dark, dry place for three weeks, and it will be with you for years.',
    ]),
    when: '2 days after wedding at 11:00',
    late: 'skip',
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
    ...letter('Did the flowers speak?', [
      'If they did, would you repeat what they said in two sentences, for couples who are looking for a florist?',
    ]),
    when: '14 days after wedding at 18:00',
    late: 'skip',
    asksForAnswer: true,
    windows: { freeDay: 'later' },
    link: { label: 'Write a review', url: '{{ links.review }}' },
    phase: 'After',
  })
  .waitFor(
    'pictures',
    custom('photographer_gallery'),
    '60 days at 10:00',
    { timeout: (p) => p.end('without-pictures') },
    { alsoPast: true },
  )
  .email('may-we', {
    ...letter('May we show your flowers?', [
      'Your photographer’s pictures have arrived, and some of them are mostly flowers. May we show them on our website? Tick what you allow; a no is just as welcome.',
    ]),
    when: '1 day at 10:00',
    late: 'skip',
    link: { label: 'Decide', url: '{{ links.picture_consent }}' },
    phase: 'After',
  })
  .end('last-petal')
  .build()
