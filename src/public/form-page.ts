import { type Answers, answerInWords, isShown, readAnswers } from '../core/form/answers.ts'
import { type Form, fieldsOf, type Section } from '../core/form/form.ts'
import { dayInWords } from '../core/merge-fields.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { placeOf } from '../core/time/spoken.ts'
import { localDateOf, localTimeOf } from '../core/time/zone.ts'
import type { AnchorValue } from '../core/wedding/anchor.ts'
import type { FormPage } from '../engine/form-answers.ts'
import { type Asked, question } from './fields.ts'
import { attribute, html, lines, type Markup } from './html.ts'
import { type Cover, page } from './page.ts'

/** What a couple sees of its form, in every state it can be in. */
export type Seen = Pick<FormPage, 'form' | 'until' | 'zone' | 'typed' | 'answers'> & {
  readonly vendor: {
    readonly name: string
    readonly type: string
    readonly accent: string
    readonly logo: string | null
  }
  readonly cover: {
    /** With its region: days are written in the order the vendor's couples write them. */
    readonly language: string
    /** The wedding's day, with its hour where it is known. */
    readonly day: AnchorValue | null
    readonly names: readonly string[]
  }
  readonly savedAt: Instant | null
  readonly submissions: number
}
export type Shown = {
  readonly address: string
  /** Which section, where they are walked one by one; counted from 1. */
  readonly step: number
  readonly errors: Asked['errors']
  readonly saved?: boolean
  /** In the builder: nothing can be sent. */
  readonly preview?: boolean
}

/** "Saturday, 10 July 2027, 10:00 Rome time" */
export const momentInWords = (at: Instant, zone: Zone, language: string): string =>
  `${dayInWords(localDateOf(at, zone), language)}, ${localTimeOf(at, zone)} ${placeOf(zone)} time`

const TRADES: Readonly<Record<string, string>> = {
  photographer: 'Photography',
  videographer: 'Film',
  venue: 'Venue',
  caterer: 'Catering',
  florist: 'Flowers',
  planner: 'Wedding planning',
  dj: 'Music',
  band: 'Music',
}

export function coverOf(seen: Seen): Cover {
  const { vendor, until, zone, form } = seen
  const { language, day, names } = seen.cover
  const wedding =
    day === null || day.is === 'moment'
      ? null
      : day.is === 'hour'
        ? `${dayInWords(day.on, language)}, ${day.at} ${placeOf(day.zone)} time`
        : dayInWords(day.on, language)
  return {
    vendor: vendor.name,
    accent: vendor.accent,
    logo: vendor.logo,
    trade: TRADES[vendor.type] ?? '',
    names,
    wedding,
    steps:
      until === null
        ? []
        : [
            { words: form.title, when: `by ${momentInWords(until, zone, language)}`, is: 'now' },
            ...(wedding === null ? [] : [{ words: 'The wedding', when: wedding, is: 'wedding' as const }]),
          ],
  }
}

/** Open, to be filled in: one page, or one section of it. */
export function openPage(seen: Seen, shown: Shown): string {
  const { form, typed } = seen
  const { answers } = readAnswers(form, typed, 'so_far')
  const asked: Asked = { typed, errors: shown.errors, answers }
  const sections = sectionsOf(form, answers)
  const inSteps = form.layout === 'steps' && sections.length > 1
  const step = Math.min(Math.max(shown.step, 1), sections.length)
  const here = inSteps ? sections.slice(step - 1, step) : form.sections
  const isLast = !inSteps || step === sections.length
  const wrong = Object.keys(shown.errors)
  const sheet = html`<h1>${form.title}</h1>
${form.intro || seen.until !== null ? introOf(seen) : ''}
${wrong.length > 0 ? summary(form, shown.errors) : ''}
${progress(seen, answers, shown.saved === true, inSteps ? { step, of: sections.length } : null)}
<form class="questions" method="post" action="${shown.address}" novalidate${attribute('data-save', shown.preview ? null : `${shown.address}/save`)}${attribute('data-answers', JSON.stringify(elsewhere(form, here, answers)))}>
<input type="hidden" name="seen" value="${seen.submissions}"><input type="hidden" name="step" value="${step}">
${here.map(
  (section) =>
    html`<section>${section.title ? html`<h2 class="section">${section.title}</h2>` : ''}${
      section.intro ? html`<p class="section-intro">${lines(section.intro)}</p>` : ''
    }${section.fields.map((field) => question(field, asked))}</section>`,
)}
<div class="end">
${
  isLast
    ? html`<button class="primary" name="do" value="send"${shown.preview ? html` disabled` : ''}>${form.sendLabel || 'Send our answers'}</button>`
    : html`<button class="primary" name="do" value="next">Go on</button>`
}
${inSteps && step > 1 ? html`<button class="quiet" name="do" value="back">Back</button>` : ''}
<button class="quiet save" name="do" value="save"${shown.preview ? html` disabled` : ''}>Save and come back later</button>
</div>
<p class="note">${form.changeable ? 'You can change your answers as long as the form is open.' : 'Sent answers cannot be changed, so look once more.'} The link you were sent opens this page on any device.</p>
</form>
${foot(seen)}`
  return framed(seen, sheet, true)
}

/** Sections in which nothing is asked as things stand are passed over. */
export const sectionsOf = (form: Form, answers: Answers): Section[] =>
  form.sections.filter((section) => section.fields.some((field) => isShown(field, answers)))

/** Answers that stand in other sections: the page's script needs them to show and hide. */
function elsewhere(form: Form, here: readonly Section[], answers: Answers): Answers {
  const own = new Set(here.flatMap((section) => section.fields.map((field) => field.id)))
  const asked = new Set(
    here.flatMap((section) =>
      section.fields.flatMap(
        (field) => JSON.stringify(field.showIf ?? '').match(/answers\.[a-z0-9_]+/g) ?? [],
      ),
    ),
  )
  return Object.fromEntries(
    fieldsOf(form).flatMap(({ id }) =>
      !own.has(id) && asked.has(`answers.${id}`) && answers[id] !== undefined ? [[id, answers[id]]] : [],
    ),
  )
}

function introOf({ form, until, zone, cover }: Seen): Markup {
  const by = until === null ? '' : momentInWords(until, zone, cover.language)
  return html`<p class="intro">${form.intro ? lines(form.intro) : ''}${form.intro && by ? ' ' : ''}${
    by ? html`Please send it by <b>${by}</b>.` : ''
  }</p>`
}

function progress(
  seen: Seen,
  answers: Answers,
  saved: boolean,
  steps: { readonly step: number; readonly of: number } | null,
): Markup {
  const shown = fieldsOf(seen.form).filter((field) => isShown(field, answers))
  const done = shown.filter((field) => answers[field.id] !== undefined).length
  const words = saved ? 'saved just now' : seen.savedAt === null ? '' : 'saved'
  return html`<div class="savebar"><progress max="${Math.max(shown.length, 1)}" value="${done}" aria-label="Answered"></progress><span role="status"><span class="count">${done} of ${shown.length} answered</span><span class="saved">${words ? `, ${words}` : ''}</span>${steps ? html` · part ${steps.step} of ${steps.of}` : ''}</span></div>`
}

function summary(form: Form, errors: Asked['errors']): Markup {
  const wrong = fieldsOf(form).filter((field) => errors[field.id] !== undefined)
  return html`<div class="summary" role="alert" tabindex="-1"><p>${
    wrong.length === 1 ? 'One answer needs another look.' : `${wrong.length} answers need another look.`
  } Nothing you typed is lost.</p><ul>${wrong.map(
    (field) => html`<li><a href="#q.${field.id}">${field.label}</a></li>`,
  )}</ul></div>`
}

const foot = ({ vendor }: Seen): Markup =>
  html`<p class="foot">Only ${vendor.name} reads this. If this is not for you, close the page: nothing is sent.</p>`

/** What was sent, as it was understood. */
function told(form: Form, answers: Answers): Markup {
  const said = fieldsOf(form).filter((field) => answers[field.id] !== undefined)
  return html`<dl class="answers">${said.map(
    (field) =>
      html`<div><dt>${field.label}</dt><dd>${lines(answerInWords(field, answers[field.id]))}</dd></div>`,
  )}</dl>`
}

/** Just sent, or looked at again later. */
export function answeredPage(
  seen: Seen,
  shown: { readonly address: string; readonly justNow: boolean; readonly change: boolean },
): string {
  const { form } = seen
  const title = shown.justNow
    ? (form.thanks?.title ?? 'Thank you, we have it all.')
    : 'You have answered this.'
  const text = shown.justNow
    ? (form.thanks?.text ?? `${seen.vendor.name} has your answers and goes on from here.`)
    : `${seen.vendor.name} has these answers.`
  const sheet = html`<h1>${title}</h1>
<p class="intro">${lines(text)}</p>
${told(form, seen.answers ?? {})}
${
  shown.change
    ? html`<p class="end"><a class="button" href="${shown.address}?change=1">Change our answers</a></p>`
    : ''
}
${foot(seen)}`
  return framed(seen, sheet, false)
}

/** Neither to be filled in nor to be read: why, and what can be done. */
export function closedPage(seen: Seen, is: 'over' | 'withdrawn'): string {
  const name = seen.vendor.name
  const [title, text] =
    is === 'over'
      ? [
          'This form is closed.',
          `The time to answer it is over. Write to ${name} if something should still be known.`,
        ]
      : ['This form was taken back.', `${name} does not need these answers any more. There is nothing to do.`]
  return framed(seen, html`<h1>${title}</h1><p class="intro">${text}</p>${foot(seen)}`, false)
}

/** No link of ours, or one that was used up long ago: the same words for both. */
export const unknownPage = (): string =>
  page({
    title: 'Nothing here',
    language: 'en',
    cover: null,
    script: false,
    sheet: html`<h1>There is nothing at this address.</h1><p class="intro">Perhaps the link was cut off when it was copied. Open the message again and use its button, or ask whoever sent it for a new one.</p>`,
  })

export const busyPage = (sentence: string): string =>
  page({
    title: 'One moment',
    language: 'en',
    cover: null,
    script: false,
    sheet: html`<h1>One moment, please.</h1><p class="intro">${sentence} Nothing you typed before is lost: go back to it with your browser.</p>`,
  })

const framed = (seen: Seen, sheet: Markup, script: boolean): string =>
  page({
    title: `${seen.form.title}, ${seen.vendor.name}`,
    language: seen.cover.language,
    cover: coverOf(seen),
    sheet,
    script,
  })
