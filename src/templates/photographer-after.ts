import { type Branch, journey, type Path } from '../core/journey/builder.ts'
import type { Condition } from '../core/journey/condition.ts'
import { LEAVES_WHEN_LOST } from './events.ts'
import { type Answers, letter, offering, type Template } from './template.ts'

const UNHAPPY: Condition = { fact: 'client.tags', is: 'one_of', value: ['complaint', 'refund'] }

/** From the morning after to the fifth anniversary: the pictures as promised, and thanks before anything is asked. */
export const photographerAfter: Template = {
  key: 'photographer-after-the-wedding',
  version: 2,
  name: 'After the wedding',
  says: 'Thanks, first pictures, the gallery and its promised day, one review, an album, and five anniversaries.',
  trades: ['photographer'],
  questions: [
    {
      key: 'gallery',
      label: 'Where couples open their gallery',
      hint: 'The start page of your gallery service. Without one they are told to look for your mail.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'review',
      label: 'Where you would like to be reviewed',
      hint: 'Google, Hitched, The Knot, Bodas.net …',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'albums',
      label: 'Your albums and prints',
      hint: 'Only couples with the tag marketing_consent hear of them.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'gallery_weeks',
      label: 'Weeks until their gallery',
      hint: 'As promised in the welcome.',
      kind: 'number',
      otherwise: '8',
    },
    {
      key: 'referral_thanks',
      label: 'Your thanks for a recommendation',
      hint: 'What those who recommend you receive.',
      kind: 'words',
      otherwise: 'a print of your choice',
    },
  ],
  write: (answers) =>
    journey('Photographer: after the wedding', {
      category: 'after',
      reentry: 'per_wedding',
      description:
        'Thanks, first pictures, the gallery and its promise, a review, an album, five anniversaries.',
      leaveOn: LEAVES_WHEN_LOST,
    })
      .on('date', { when: { after: { days: 1 }, of: 'wedding', at: '11:00' } })
      .email('thanks', {
        ...letter(
          'Thank you',
          'We came home with full cards and full hearts. Thank you for letting us stand so close.',
          `Rest, travel, be married. Your pictures are safe in three places, and your gallery comes within ${answers.words('gallery_weeks')} weeks, as promised.`,
        ),
        class: 'relationship',
        phase: 'After',
      })
      .fork('side-by-side', { pictures: pictures(answers), years }, { id: 'all-done', mode: 'all' })
      .end('friends')
      .build(),
}

const weeksOf = (answers: Answers): number => Number(answers.words('gallery_weeks'))

const pictures =
  (answers: Answers): Branch =>
  (p) =>
    askForReview(
      answers,
      p
        .task('choose-ten', 'Choose ten first pictures and upload them. Done when they can be seen.', {
          due: '3 days',
          gate: true,
        })
        .email('sneak-peek', {
          ...offering(
            answers,
            'gallery',
            'See the first pictures',
            (last) =>
              letter(
                'A first glimpse',
                'We could not wait, and we thought you could not either. Ten pictures, for the two of you and whoever you would like to make cry.',
                last,
              ),
            {
              linked: 'They lie in your gallery already; all the others will follow there.',
              bare: 'The link to them comes in a mail of its own. Tell us if you do not find it.',
            },
          ),
          when: 'next 18:00',
          late: 'send_now',
          class: 'relationship',
          phase: 'After',
        })
        .fork(
          'promise',
          { gallery: galleryDone(answers), watch: watchPromise(answers) },
          { id: 'published', mode: 'first' },
        )
        .email('gallery-ready', {
          ...offering(
            answers,
            'gallery',
            'Open your gallery',
            (last) =>
              letter(
                'Your pictures are here',
                'Make some tea, sit down together, and take your time. There is a first look only once.',
                last,
              ),
            {
              linked:
                'Everything can be downloaded, shared and printed. If something does not work, reply to this mail.',
              bare: 'The link and its password come in a mail of their own. If it is not there within the hour, reply to this one.',
            },
          ),
          when: 'next 18:00',
          late: 'send_now',
          class: 'transactional',
          phase: 'After',
        }),
    ).condition('may-we-offer', {
      yes: {
        if: { fact: 'client.tags', is: 'contains', value: 'marketing_consent' },
        go: (yes) =>
          yes
            .email('album', {
              ...offering(
                answers,
                'albums',
                'See the albums',
                (last) =>
                  letter(
                    'Pictures want to be held',
                    'A gallery is for today; a book is for the shelf your grandchildren will reach up to.',
                    last,
                  ),
                {
                  linked:
                    'Here are sizes and papers, and how to choose eighty pictures out of eight hundred without an argument.',
                  bare: 'Reply if you would like one: we bring papers and sizes, and help you to choose eighty pictures out of eight hundred without an argument.',
                },
              ),
              when: '14 days at 10:00',
              late: 'skip',
              class: 'marketing',
              phase: 'After',
            })
            .email('referral', {
              ...letter(
                'Do you know somebody who has just said yes?',
                `If friends of yours are looking for a photographer, pass on our name. As a thank you, ${answers.words('referral_thanks')} is yours as soon as they have booked.`,
              ),
              when: '30 days at 10:00',
              late: 'skip',
              class: 'marketing',
              phase: 'After',
            }),
      },
    })

/** Once, and once more; never those who were not happy. */
export const askForReview = (answers: Answers, path: Path): Path =>
  path
    .condition('all-well', {
      unhappy: {
        if: UNHAPPY,
        go: (sad) =>
          sad
            .task('make-it-good', 'They were not happy. Call them before anything else is sent.', {
              role: 'owner',
              due: '2 days',
            })
            .end('in-person'),
      },
    })
    .email('review', {
      ...offering(
        answers,
        'review',
        'Write a review',
        (last) =>
          letter(
            'Would you tell others how it was?',
            'Couples who are looking for a photographer trust other couples more than any portfolio.',
            last,
          ),
        {
          linked: 'Two or three honest sentences would help them, and us, a great deal.',
          bare: 'Would you reply with two or three honest sentences that we may show on our website?',
        },
      ),
      when: '7 days at 18:00',
      late: 'skip',
      class: 'relationship',
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      phase: 'After',
    })
    .waitFor('reviewed', { event: 'review_received' }, '10 days at 18:00', {
      timeout: (late) =>
        late.email('review-again', {
          ...offering(
            answers,
            'review',
            'Write a review',
            (last) => letter('Two sentences are plenty', 'We ask only this once more, promised.', last),
            {
              linked: 'If you liked working with us, would you say so in a line or two?',
              bare: 'If you liked working with us, would you say so in a line or two, by return? If you have written it already: thank you, and please forget this mail.',
            },
          ),
          class: 'relationship',
          asksForAnswer: true,
          windows: { freeDay: 'later' },
          phase: 'After',
        }),
    })

const galleryDone =
  (answers: Answers): Branch =>
  (p) =>
    p.task(
      'publish-gallery',
      `Publish their gallery. Promised within ${answers.words('gallery_weeks')} weeks of the wedding. Done when it can be opened.`,
      { due: { after: { weeks: weeksOf(answers) }, of: 'wedding', at: '12:00' }, gate: true },
    )

/** The promise is kept in view, and whoever waits is told before they wonder. */
const watchPromise =
  (answers: Answers): Branch =>
  (p) => {
    const promised = weeksOf(answers) * 7
    return p
      .email('status', {
        ...letter(
          'Where your pictures are right now',
          'Your pictures are sorted, and the editing has begun. There is nothing you have to do; the gallery comes as promised.',
        ),
        when: { after: { days: Math.max(7, Math.round(promised * 0.4)) }, of: 'wedding', at: '10:00' },
        late: 'skip',
        class: 'relationship',
        phase: 'After',
      })
      .task('gallery-soon', 'Two weeks until the promised gallery day. Is everything on track?', {
        when: { after: { days: Math.max(8, promised - 14) }, of: 'wedding', at: '09:00' },
        due: '7 days',
      })
      .email('almost-there', {
        ...letter(
          'Almost there',
          'Your gallery needs a few more days, and we would rather tell you than let you wonder. We are giving the last pictures the time they deserve.',
        ),
        when: { after: { days: Math.max(9, promised - 2) }, of: 'wedding', at: '10:00' },
        late: 'skip',
        class: 'relationship',
        phase: 'After',
        approval: { by: 'owner', timeout: '2 days' },
      })
      .wait(
        'long-after',
        { after: { days: promised + 60 }, of: 'wedding', at: '09:00' },
        { late: 'send_now' },
      )
      .task('gallery-never', 'This gallery is far beyond its promise. Speak to them in person.', {
        role: 'owner',
        due: '1 day',
      })
      .end('beyond-promise')
  }

const years: Branch = (p) =>
  p
    .condition('well-then', {
      unhappy: { if: UNHAPPY, go: (sad) => sad.end('left-in-peace') },
    })
    .email('first-anniversary', {
      ...letter(
        'One year ago today',
        'One year ago you were dancing, and we were standing on a chair to see it. Happy anniversary.',
      ),
      when: '1 year after wedding at 09:00',
      late: 'skip',
      class: 'relationship',
      phase: 'After',
    })
    .repeat('each-year', { every: { years: 1 }, timesMax: 4, at: '09:00' }, (round) =>
      round.email('anniversary', {
        ...letter(
          'Happy anniversary!',
          'Another year. We thought of you this morning and opened one of your pictures. You should, too.',
        ),
        class: 'relationship',
        phase: 'After',
      }),
    )
