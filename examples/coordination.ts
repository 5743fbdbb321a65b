import { type Branch, journey } from '../src/core/journey/builder.ts'
import type { EventPattern } from '../src/core/journey/condition.ts'
import { letter, notice } from './letter.ts'

const form = (key: string): EventPattern => ({
  event: 'form_submitted',
  if: { fact: 'event.form', is: 'equal', value: key },
})
const booked = (key: string): EventPattern => ({
  event: 'meeting_booked',
  if: { fact: 'event.meeting', is: 'equal', value: key },
})
const confirmed: EventPattern = {
  event: 'custom_event',
  if: { fact: 'event.name', is: 'equal', value: 'vendor_confirmed' },
}

/** Each vendor of the wedding is asked, reminded, and in the end rung up, all side by side. */
const askEachVendor: Branch = (each) =>
  each
    .email('arrival', {
      ...notice('Your arrival and what you need', [
        'We coordinate the wedding you are part of in three weeks. Please confirm when you arrive, what you need (power, water, a table, a parking place) and whom we call on the day.',
      ]),
      to: 'each',
      when: '21 days before wedding at 10:00',
      late: 'send_now',
      windows: { businessDay: 'earlier' },
      asksForAnswer: true,
      deadline: '10 days before wedding',
      link: { label: 'Confirm', url: '{{ links.vendor_confirmation }}' },
      phase: 'Planning',
    })
    .waitFor('vendor-confirmed', confirmed, '17 days before wedding at 10:00', {
      timeout: (late) =>
        late
          .email('arrival-again', {
            ...notice('A short reminder: your arrival', [
              'We are putting the timeline together and only miss a few times, yours among them. Two minutes are enough.',
            ]),
            to: 'each',
            late: 'skip',
            windows: { businessDay: 'later' },
            link: { label: 'Confirm', url: '{{ links.vendor_confirmation }}' },
            phase: 'Planning',
          })
          .waitFor('vendor-confirmed-later', confirmed, '15 days before wedding at 10:00', {
            timeout: (p) =>
              p.task(
                'ring-vendor',
                'This vendor has not confirmed. Ring them; the timeline is made on the tenth day.',
                {
                  due: '10 days before wedding',
                },
              ),
          }),
    })

/** The last six weeks of a wedding somebody else has planned. */
export const coordination = journey('Planner: month-of coordination', {
  category: 'planning',
  reentry: 'per_wedding',
  description: 'Handover, walkthrough, every vendor confirmed, one timeline everybody has, and calm.',
})
  .on('date', { when: { before: { days: 45 }, of: 'wedding', at: '10:00' } })
  .email('handover', {
    ...letter('Hand it over', [
      'From today your wedding is on our desk as well. Upload what you have: contracts, lists, the note on the fridge. Order is our job.',
      'We need it within ten days, so that nothing you have agreed on is lost.',
    ]),
    class: 'transactional',
    asksForAnswer: true,
    // Who books later than this still has to hand things over; the deadline is what counts.
    late: 'send_now',
    windows: { freeDay: 'earlier' },
    deadline: '35 days before wedding',
    link: { label: 'Upload contracts', url: '{{ links.handover }}' },
    phase: 'Planning',
  })
  .waitFor(
    'handed-over',
    form('handover'),
    '36 days before wedding at 10:00',
    {
      timeout: (p) =>
        p.task('handover-call', 'No contracts uploaded. Call and collect them.', {
          due: '35 days before wedding',
        }),
    },
    { alsoPast: true },
  )
  .email('details', {
    ...letter('Two hours for all the details', [
      'Let us sit down together once, with coffee and all the papers. Afterwards there are no open questions, only a list.',
    ]),
    when: '35 days before wedding at 10:00',
    late: 'send_now',
    asksForAnswer: true,
    link: { label: 'Choose a time', url: '{{ links.details_meeting }}' },
    phase: 'Planning',
  })
  .waitFor(
    'details-booked',
    booked('details_meeting'),
    '31 days before wedding at 10:00',
    { timeout: (p) => p.task('details-call', 'No details meeting booked. Call them.', { due: '3 days' }) },
    { alsoPast: true },
  )
  .email('walkthrough', {
    ...letter('Once through the house together', [
      'We walk your day at the venue: where you come in, where the cake stands, where it rains in. Choose a time that suits the house and you.',
    ]),
    when: '30 days before wedding at 10:00',
    late: 'send_now',
    asksForAnswer: true,
    windows: { freeDay: 'earlier' },
    link: { label: 'Choose a time', url: '{{ links.walkthrough }}' },
    phase: 'Planning',
  })
  .forEach('vendors', 'vendor', askEachVendor, { id: 'vendors-known', mode: 'all', atOnceMax: 12 })
  .email('ceremony', {
    ...letter('Names, songs, and who walks first', [
      'The last form, and the loveliest: the order of the procession, every name as it is spoken, every song as it begins.',
    ]),
    when: '14 days before wedding at 10:00',
    late: 'compress',
    asksForAnswer: true,
    windows: { freeDay: 'earlier' },
    deadline: '11 days before wedding',
    link: { label: 'Fill in the ceremony', url: '{{ links.ceremony }}' },
    phase: 'Wedding week',
  })
  .waitFor(
    'ceremony-known',
    form('ceremony'),
    '11 days before wedding at 10:00',
    {
      timeout: (p) =>
        p.task('ceremony-call', 'The ceremony form is missing. Fill it in on the telephone.', {
          due: '10 days before wedding',
        }),
    },
    { alsoPast: true },
  )
  .task('build-timeline', 'Build the timeline.', {
    when: '10 days before wedding at 09:00',
    due: '9 days before wedding',
    gate: true,
  })
  .email('sign-off', {
    ...letter('Your timeline, for a last look', [
      'This is your day as everybody will have it in hand. Read it once slowly. If it is right, say yes; if not, we change it tonight.',
    ]),
    when: 'next 10:00',
    late: 'send_now',
    class: 'transactional',
    asksForAnswer: true,
    band: 'high',
    deadline: '7 days before wedding',
    link: { label: 'Read and approve', url: '{{ links.timeline_sign_off }}' },
    phase: 'Wedding week',
  })
  .waitFor(
    'signed-off',
    form('timeline_sign_off'),
    '7 days before wedding at 12:00',
    {
      timeout: (p) =>
        p.task('sign-off-call', 'The timeline is not approved. Read it to them on the telephone.', {
          due: '7 days before wedding',
          role: 'owner',
        }),
    },
    { alsoPast: true },
  )
  .forEach(
    'everybody',
    'vendor',
    (each) =>
      each.email('final-timeline', {
        ...notice('Final timeline', [
          'Here is the timeline for the wedding this week, final and approved. The page with the telephone numbers is the last one; print it.',
        ]),
        to: 'each',
        when: '6 days before wedding at 10:00',
        late: 'send_now',
        move: 'resend',
        windows: { businessDay: 'later' },
        deadline: '3 days before wedding',
        band: 'high',
        link: { label: 'See the timeline', url: '{{ links.timeline }}' },
        phase: 'Wedding week',
      }),
    { id: 'everybody-has-it', mode: 'all', atOnceMax: 12 },
  )
  .email('weather', {
    ...letter('If it should rain', [
      'We look at the sky three times a day now. By noon the day before we decide together whether the ceremony moves inside, and then nobody thinks about it again.',
    ]),
    when: '3 days before wedding at 10:00',
    late: 'skip',
    phase: 'Wedding week',
  })
  .email('rehearsal', {
    ...letter('Tomorrow: the rehearsal', [
      'Please tell your wedding party: be there ten minutes early, in shoes you can walk in. We go through it twice, and then there is a drink.',
    ]),
    when: '2 days before wedding at 10:00',
    late: 'send_now',
    class: 'transactional',
    band: 'high',
    deadline: '2 days before wedding at 18:00',
    link: { label: 'Time and place', url: '{{ links.rehearsal }}' },
    phase: 'Wedding week',
  })
  .email('today-rehearsal', {
    ...letter('Rehearsal today', [
      'We meet today as planned. If you are late or lost, call {{ vendor.phone | default: "the number on your timeline" }}.',
    ]),
    when: '1 day before wedding at 09:00',
    late: 'send_now',
    class: 'transactional',
    band: 'critical',
    deadline: '1 day before wedding at 11:00',
    phase: 'Wedding week',
  })
  .email('thanks', {
    ...letter('It was your day', [
      'We stood at the back and saw it all. Thank you for letting us hold the strings.',
    ]),
    when: '1 day after wedding at 12:00',
    late: 'skip',
    phase: 'After',
  })
  .forEach(
    'thank-all',
    'vendor',
    (each) =>
      each.email('thanks-vendor', {
        ...notice('Thank you for a good day', [
          'It was a pleasure working beside you. When the pictures are there we will share them, with your name under your work.',
        ]),
        to: 'each',
        class: 'relationship',
        when: '2 days after wedding at 10:00',
        late: 'skip',
        windows: { businessDay: 'later' },
        phase: 'After',
      }),
    { id: 'all-thanked', mode: 'all', atOnceMax: 12 },
  )
  .task('returns', 'Returns, tips, lost property.', {
    when: '7 days after wedding at 09:00',
    due: '9 days after wedding',
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
    ...letter('What would you tell a friend?', [
      'If a friend asked whether a coordinator is worth it, what would you say? Would you say it in public, in two sentences?',
    ]),
    when: '21 days after wedding at 18:00',
    late: 'skip',
    asksForAnswer: true,
    windows: { freeDay: 'later' },
    link: { label: 'Write a review', url: '{{ links.review }}' },
    phase: 'After',
  })
  .condition('may-we-offer', {
    yes: {
      if: { fact: 'client.tags', is: 'contains', value: 'marketing_consent' },
      go: (p) =>
        p.email('referral', {
          ...letter('Somebody you know is engaged', [
            'If friends of yours are planning, pass on our number. The first hour is on us, for them and for the memory of yours.',
          ]),
          class: 'marketing',
          when: '35 days after wedding at 10:00',
          late: 'skip',
          link: { label: 'Recommend us', url: '{{ links.referral }}' },
          phase: 'After',
        }),
    },
  })
  .end('calm')
  .build()
