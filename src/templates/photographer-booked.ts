import { type Branch, journey, type Path } from '../core/journey/builder.ts'
import { booked, form, LEAVES_WHEN_LOST } from './events.ts'
import { type Answers, FORM, letter, offering, remindsUnlessAnswered, type Template } from './template.ts'

const seen = { alsoPast: true }

/** Everything between the retainer and the day. Five things run side by side, so that none waits for another. */
export const photographerBooked: Template = {
  key: 'photographer-booked-to-wedding',
  version: 2,
  name: 'Booked to wedding',
  says: 'A warm welcome, the guide, the questionnaire, the final call, the timeline, and a word the evening before.',
  trades: ['photographer'],
  questions: [
    {
      key: 'style_guide',
      label: 'Your style or planning guide',
      hint: 'A page or PDF on clothes, light and pace.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'getting_to_know',
      label: 'Your “getting to know you” questions',
      hint: 'A form. Without one the letter asks three questions to be answered by mail.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'engagement_session',
      label: 'Where couples choose a date for their engagement session',
      hint: 'Only couples with the tag engagement_session are asked.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'questionnaire_form',
      label: 'Your wedding questionnaire, as a form of yours',
      hint: 'It is sent ten weeks before the day, reminds twice, and knows what was answered.',
      kind: 'form',
      otherwise: null,
    },
    {
      key: 'wedding_questionnaire',
      label: 'Or your questionnaire, as a page elsewhere',
      hint: 'Addresses, times, names. Without either the letter lists what you need.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'final_call',
      label: 'Where couples book the final call',
      hint: 'Your booking page. Without one they are asked to propose a time.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'sneak_peek_days',
      label: 'Days until their first pictures',
      hint: 'Said in the welcome.',
      kind: 'number',
      otherwise: '3',
    },
    {
      key: 'gallery_weeks',
      label: 'Weeks until their gallery',
      hint: 'Said in the welcome.',
      kind: 'number',
      otherwise: '8',
    },
  ],
  write: (answers) =>
    journey('Photographer: booked to wedding', {
      category: 'planning',
      reentry: 'per_wedding',
      description: 'Welcome, guide, questionnaire, final call, timeline, and a word the evening before.',
      leaveOn: LEAVES_WHEN_LOST,
    })
      .on('stage_changed', { to: 'booked' })
      .condition(
        'how-long-to-go',
        {
          soon: {
            if: { daysUntil: 'wedding', is: 'less', value: 56 },
            go: (p) =>
              p
                .email('welcome-soon', {
                  ...letter(
                    'Welcome! We have a lovely short way to go',
                    'It is official: your date is in our calendar, underlined twice. Thank you for trusting us with it.',
                    'It is not long now, so we leave out whatever is only nice to have. We call you in the next days, plan your day with you, and send you the timeline before the wedding week is over.',
                    `After the wedding the first pictures reach you within ${answers.words('sneak_peek_days')} days, and the whole gallery within ${answers.words('gallery_weeks')} weeks.`,
                    'If something comes to your mind before we speak, reply to this mail.',
                  ),
                  when: '10 minutes',
                  late: 'send_now',
                  class: 'transactional',
                  phase: 'Booked',
                })
                .task(
                  'call-soon',
                  'They marry in less than eight weeks. Call them, and plan the day on the phone.',
                  { due: '2 days' },
                ),
          },
        },
        (p) =>
          p.email('welcome', {
            ...letter(
              'Welcome! Here is what happens next',
              'It is official: your date is in our calendar, underlined twice. Thank you for trusting us with it.',
              'Here is how it goes on from here. First a short guide, and a few questions so that we get to know the two of you. About ten weeks before the wedding we plan the day in detail, four weeks before it we speak on the phone, and in the last week you receive the final timeline.',
              `After the wedding the first pictures reach you within ${answers.words('sneak_peek_days')} days, and the whole gallery within ${answers.words('gallery_weeks')} weeks.`,
              'You do not have to remember any of this. We write when there is something to do, and only then.',
            ),
            when: '10 minutes',
            late: 'send_now',
            class: 'transactional',
            phase: 'Booked',
          }),
      )
      .fork(
        'side-by-side',
        {
          last_weeks: lastWeeks(answers),
          eve,
          plan: plan(answers),
          engagement: engagement(answers),
          story: story(answers),
        },
        { id: 'all-told', mode: 'all' },
      )
      .end('married')
      .build(),
}

const story =
  (answers: Answers): Branch =>
  (p) =>
    p
      .email('style-guide', {
        ...offering(
          answers,
          'style_guide',
          'Read the guide',
          (last) =>
            letter(
              'How to feel at ease in front of a camera',
              'Almost everybody tells us they are awkward in pictures. Almost nobody is, once they stop posing.',
              last,
            ),
          {
            linked:
              'What we have learned at many weddings stands in a short guide: light, clothes, pace, and why ten quiet minutes for yourselves are worth more than any backdrop.',
            bare: 'Three things help more than any backdrop: ten quiet minutes for yourselves in the late afternoon light, clothes you can sit and laugh in, and half an hour more in the plan than you think you need.',
          },
        ),
        when: '3 days at 10:00',
        late: 'merge',
        class: 'relationship',
        phase: 'Booked',
      })
      .condition(
        'time-for-a-story',
        { soon: { if: { daysUntil: 'wedding', is: 'less', value: 30 } } },
        (there) =>
          there
            .email('getting-to-know', {
              ...offering(
                answers,
                'getting_to_know',
                'Answer the questions',
                (last) =>
                  letter('Tell us your story', 'The better we know you, the less you will notice us.', last),
                {
                  linked:
                    'There are a few small questions behind this link. Answer them over a glass of wine; there are no wrong answers.',
                  bare: 'So: how did you meet? What makes you laugh? And who must not be missing from a single picture? Reply in as many or as few words as you like.',
                },
              ),
              when: '4 days at 10:00',
              late: 'merge',
              windows: { freeDay: 'earlier' },
              class: 'relationship',
              asksForAnswer: true,
              phase: 'Booked',
            })
            .waitFor(
              'story-told',
              form('getting_to_know'),
              '5 days at 10:00',
              {
                timeout: (late) =>
                  late
                    .email('story-nudge', {
                      ...offering(
                        answers,
                        'getting_to_know',
                        'Answer the questions',
                        (last) => letter('Your story, whenever you have ten minutes', last),
                        {
                          linked:
                            'A small reminder of our questions. Half of them can be answered in one word.',
                          bare: 'A small reminder of our three questions: how you met, what makes you laugh, and who must not be missing from the pictures.',
                        },
                      ),
                      class: 'relationship',
                      phase: 'Booked',
                      ...remindsUnlessAnswered(answers, 'getting_to_know'),
                    })
                    .waitFor('story-told-later', form('getting_to_know'), '10 days at 10:00', {
                      timeout: (never) =>
                        never.task(
                          'ask-story',
                          'Ask for their story at the next call, if you have not heard it yet.',
                          { due: '14 days' },
                        ),
                    }),
              },
              seen,
            ),
      )

const engagement =
  (answers: Answers): Branch =>
  (p) =>
    p.condition('has-engagement-shoot', {
      yes: {
        if: {
          all: [
            { fact: 'client.tags', is: 'contains', value: 'engagement_session' },
            { daysUntil: 'wedding', is: 'at_least', value: 35 },
          ],
        },
        go: (yes) =>
          yes
            .email('engagement-invite', {
              ...offering(
                answers,
                'engagement_session',
                'Choose a date',
                (last) =>
                  letter(
                    'Shall we take a walk together?',
                    'Your package includes an engagement session, and it is our favourite way of getting to know each other: one hour, a place you love, no hurry.',
                    last,
                  ),
                {
                  linked: 'Pick a date that suits you. Late afternoon light is the kindest.',
                  bare: 'Reply with two or three afternoons that suit you. Late light is the kindest.',
                },
              ),
              when: '270 days before wedding at 10:00',
              late: 'send_now',
              windows: { freeDay: 'earlier' },
              class: 'relationship',
              asksForAnswer: true,
              phase: 'Planning',
            })
            .waitFor('engagement-booked', booked('engagement_session'), '14 days at 10:00', {
              happened: (set) =>
                set.email('engagement-prep', {
                  ...letter(
                    'One week until our walk',
                    'Wear what you would wear to dinner with friends, bring shoes you can walk in, and something warm for the end.',
                    'If the sky looks doubtful we decide together the evening before. Clouds, by the way, are wonderful.',
                  ),
                  when: '7 days before meeting:engagement_session at 10:00',
                  late: 'send_now',
                  class: 'transactional',
                  phase: 'Planning',
                }),
              timeout: (late) =>
                late.email('engagement-nudge', {
                  ...letter(
                    'There is still a walk waiting for you',
                    'As far as we can see, your engagement session has no date yet. Reply to this mail with a week that suits you, and we will find an hour in it.',
                  ),
                  class: 'relationship',
                  phase: 'Planning',
                  ...remindsUnlessAnswered(answers, 'engagement_session'),
                }),
            }),
      },
    })

const plan =
  (answers: Answers): Branch =>
  (p) =>
    askForTheDay(
      answers,
      p.email('timeline-basics', {
        ...letter(
          'How much time does a wedding picture need?',
          'Before you settle the hours with your venue, a rule of thumb: a quarter of an hour for family pictures with ten people, half an hour for the two of you, and fifteen spare minutes everywhere.',
          'Something always takes longer, and it is usually a hug.',
        ),
        when: '180 days before wedding at 10:00',
        late: 'skip',
        class: 'relationship',
        phase: 'Planning',
      }),
    ).email('family-list', {
      ...letter(
        'The family pictures: a list saves the champagne',
        'Family pictures go quickly when everybody knows who is next, and slowly when Uncle Tom is at the bar.',
        'Write down eight to ten groups, with first names, and choose one loud and friendly person on each side to call them. That is the whole secret.',
      ),
      when: '40 days before wedding at 10:00',
      late: 'compress',
      class: 'relationship',
      phase: 'Planning',
    })

/** With a form of the house the journey hears of the answers itself; with a page elsewhere it has to be told. */
const askForTheDay = (answers: Answers, path: Path): Path => {
  const chosen = answers.form('questionnaire_form')
  const withoutAnswer: Branch = (never) =>
    never.task(
      'questionnaire-call',
      'Do you have everything about the day? If not, call them and fill it in together.',
      { due: '28 days before wedding' },
    )
  const asks = {
    when: '75 days before wedding at 10:00',
    late: 'compress',
    deadline: '30 days before wedding',
    windows: { freeDay: 'earlier' },
    class: 'relationship',
    asksForAnswer: true,
    phase: 'Planning',
  } as const
  if (chosen)
    return path.module(
      FORM,
      'questionnaire',
      {
        form: chosen,
        ...letter(
          'Let us plan your day, hour by hour',
          'Now we need the facts of your day: addresses, times, names, and the person with the overview.',
          'Fill in what you know today. The page keeps it, and you can come back as often as you like until four weeks before the wedding.',
        ),
        button: 'Open the questionnaire',
        reminders: {
          everyDays: 8,
          times: 2,
          ...letter(
            'Your day, hour by hour: what we still need',
            'We still need a few facts about your day. A half-filled page helps us too: what you have saved is still there.',
          ),
        },
        answerBy: { before: { days: 30 }, of: 'wedding', at: '10:00' },
      },
      asks,
      { timeout: withoutAnswer },
    )
  return path
    .email('questionnaire', {
      ...offering(
        answers,
        'wedding_questionnaire',
        'Open the questionnaire',
        (last) => letter('Let us plan your day, hour by hour', 'Now we need the facts of your day.', last),
        {
          linked:
            'Addresses, times, names, and the person with the overview: fill in what you know today. You can come back as often as you like until two weeks before the wedding.',
          bare: 'Please reply with what you know today: the addresses of getting ready, ceremony and party, the times that are fixed, and the name and number of the person with the overview. The rest can follow.',
        },
      ),
      ...asks,
    })
    .waitFor(
      'questionnaire-back',
      form('wedding_questionnaire'),
      '67 days before wedding at 10:00',
      {
        timeout: (late) =>
          late
            .email('questionnaire-nudge', {
              ...offering(
                answers,
                'wedding_questionnaire',
                'Open the questionnaire',
                (last) => letter('Your day, hour by hour: what we still need', last),
                {
                  linked: 'We still need a few facts about your day. A half-filled page helps us too.',
                  bare: 'We still need the addresses, the fixed times and a telephone number for your day. Half an answer helps us too.',
                },
              ),
              class: 'relationship',
              phase: 'Planning',
              ...remindsUnlessAnswered(answers, 'wedding_questionnaire'),
            })
            .waitFor('questionnaire-back-later', form('wedding_questionnaire'), '30 days before wedding', {
              timeout: withoutAnswer,
            }),
      },
      seen,
    )
}

const lastWeeks =
  (answers: Answers): Branch =>
  (p) =>
    p
      .email('final-call', {
        ...offering(
          answers,
          'final_call',
          'Book the call',
          (last) =>
            letter(
              'Twenty minutes on the phone?',
              'It is nearly time. Let us walk through your day together once, from the first button to the last dance.',
              last,
            ),
          {
            linked: 'Choose a time; we will call you.',
            bare: 'Reply with two times that suit you and the number to call.',
          },
        ),
        when: '28 days before wedding at 10:00',
        late: 'send_now',
        deadline: '14 days before wedding',
        windows: { freeDay: 'earlier' },
        class: 'relationship',
        asksForAnswer: true,
        phase: 'Planning',
      })
      .waitFor(
        'call-booked',
        booked('final_call'),
        '23 days before wedding at 10:00',
        {
          timeout: (late) =>
            late.task('call-them', 'Is the final call agreed? If not, ring them this week.', {
              due: '14 days before wedding',
            }),
        },
        seen,
      )
      .email('final-details', {
        ...letter(
          'Last check: is everything still as planned?',
          'Has a time, an address or a telephone number changed since we last spoke? Please reply either way, “all as planned” is enough.',
          'With your answer we write the final timeline.',
        ),
        when: '14 days before wedding at 10:00',
        late: 'compress',
        deadline: '7 days before wedding',
        windows: { freeDay: 'earlier' },
        class: 'transactional',
        asksForAnswer: true,
        band: 'medium',
        phase: 'Planning',
      })
      .task('timeline-ready', 'Write the final timeline and send it to them. Done when they have it.', {
        when: '9 days before wedding at 09:00',
        due: '6 days before wedding',
        gate: true,
      })
      .email('timeline', {
        ...letter(
          'Your timeline is fixed',
          'Your timeline is with you: your day, hour by hour, as we will photograph it. If you cannot find it, tell us at once.',
          'Pass it on to whoever holds your flowers and your nerves. From now on you need not plan anything any more. That is our part.',
        ),
        when: '7 days before wedding at 10:00',
        late: 'send_now',
        move: 'resend',
        deadline: '2 days before wedding',
        class: 'transactional',
        band: 'high',
        phase: 'Wedding week',
      })

/** Whatever is still open: the evening before they hear from their photographer. */
const eve: Branch = (p) =>
  p
    .task('gear', 'Gear, batteries, second shooter, weather, the way there.', {
      phase: 'Wedding week',
      when: '3 days before wedding at 09:00',
      due: '2 days before wedding',
    })
    .email('tomorrow', {
      ...letter(
        'See you tomorrow!',
        'Everything is packed. We arrive as agreed in your timeline; if anything comes up, day or night, call {{ vendor.phone | default: "the number in your contract" }}.',
        'Sleep well. It will be a wonderful day.',
      ),
      when: '1 day before wedding at 16:00',
      late: 'send_now',
      deadline: '1 day before wedding at 18:00',
      class: 'transactional',
      band: 'critical',
      phase: 'Wedding week',
    })
