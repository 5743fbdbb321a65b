import type { ClientId, JsonObject, VendorId } from '../core/ids.ts'
import { graphOf, type Journey } from '../core/journey/graph.ts'
import { Refusal } from '../core/refusal.ts'
import type { Behaviour } from '../core/run/behaviour.ts'
import { type Forecast, forecastNew } from '../core/run/forecast.ts'
import { addDays, weekdayOf } from '../core/time/calendar.ts'
import type { Instant } from '../core/time/instant.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { localDateOf } from '../core/time/zone.ts'
import type { Sql } from '../ports.ts'
import { publishedForm } from '../store/forms.ts'
import { type AdoptedRow, nextWeddings } from '../store/templates.ts'
import type { Template } from '../templates/template.ts'
import {
  answerProblem,
  type Given,
  plain,
  TEMPLATES,
  templateOf,
  templatesFor,
  written,
} from '../templates/templates.ts'
import type { Engine } from './engine.ts'
import { namedClientsIn, namesOf } from './find-clients.ts'
import { beginningOf, imaginedRun, imaginedView, zoneFor } from './imagined.ts'
import { type Settings, settingsOf } from './settings.ts'

/** Finished journeys, shown on a couple's own dates before they are taken. */
export type ShownFor = {
  /** Null: nobody is known yet; a Saturday about ten months ahead stands for them. */
  readonly client: ClientId | null
  readonly name: string | null
  readonly on: LocalDate
  readonly zone: Zone
  readonly guests: number | null
  /** They have no journey yet. */
  readonly unattended: boolean
}

/** As most couples would like to be: they answer the day after, or never. */
export const PREVIEWED: { readonly [name in 'always' | 'never']: Behaviour } = {
  always: { is: 'always', afterDays: 1 },
  never: { is: 'never' },
}

const EXAMPLE_AHEAD_DAYS = 300
const LOOKED_AHEAD = 60
/** Most steps of most templates lie in the last months. */
const SHOWN_FROM_DAYS = 120
const SATURDAY = 6

/** A wedding at home on this day. */
export const exampleOn = (settings: Settings, on: LocalDate): ShownFor => ({
  client: null,
  name: null,
  on,
  zone: zoneFor(settings.zone),
  guests: null,
  unattended: true,
})

/** Who marries next and has no journey yet; else who marries in some months; else an example. */
export async function nextCouple(
  engine: Engine,
  sql: Sql,
  settings: Settings,
  wanted: ClientId | null,
  now: Instant,
): Promise<ShownFor> {
  const vendor = settings.vendor_id as VendorId
  const home = zoneFor(settings.zone)
  const today = localDateOf(now, home)
  const row = wanted
    ? await ofClient(engine, sql, vendor, wanted)
    : chosen(
        await nextWeddings(sql, vendor, addDays(today, 1), LOOKED_AHEAD),
        addDays(today, SHOWN_FROM_DAYS),
      )
  if (!row) {
    const early = addDays(today, EXAMPLE_AHEAD_DAYS)
    return exampleOn(settings, addDays(early, (SATURDAY - weekdayOf(early) + 7) % 7))
  }
  const [known] = await namedClientsIn(engine, sql, vendor, [row.client_id])
  return {
    client: row.client_id,
    name: known ? namesOf(known) : null,
    on: row.wedding_on,
    zone: row.zone ? zoneFor(row.zone) : home,
    guests: row.guests,
    unattended: row.unattended,
  }
}

/** Nobody without a journey: then somebody with so much time left that there is something to see. */
const chosen = <Row extends { unattended: boolean; wedding_on: string }>(
  rows: readonly Row[],
  from: LocalDate,
): Row | undefined =>
  rows.find((one) => one.unattended) ?? rows.find((one) => one.wedding_on >= from) ?? rows.at(-1)

async function ofClient(engine: Engine, sql: Sql, vendor: VendorId, client: ClientId) {
  const [known] = await namedClientsIn(engine, sql, vendor, [client])
  if (!known) throw new Refusal('not_found', 'No couple is known here by this id.')
  if (!known.wedding_on)
    throw new Refusal('conflict', 'This couple has no wedding day yet: there is nothing to count from.')
  return {
    client_id: client,
    wedding_on: known.wedding_on as LocalDate,
    zone: known.wedding_zone,
    guests: known.wedding_guests,
    unattended: false,
  }
}

/** What each template would do for this couple from now on, if they answered or if they stayed silent. */
export async function previewTemplates(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  couple: ShownFor,
  behaviour: Behaviour,
  now: Instant,
  links: ReadonlySet<string>,
): Promise<{ template: Template; journey: Journey; told: Forecast }[]> {
  const found = await engine.vendorViews.now(sql, vendor)
  if (!found) throw new Error(`vendor ${vendor} is missing`)
  return TEMPLATES.map((template) => {
    const journey = plain(template, links)
    const graph = graphOf(journey, engine.registry)
    const begins = beginsWith(graph.trigger.type)
    const view = imaginedView(
      {
        client: 'example',
        wedding: couple.on,
        zone: couple.zone,
        booked: now,
        stage: begins.stage,
        guests: couple.guests,
      },
      found.view,
    )
    const told = forecastNew(graph, imaginedRun('example'), beginningOf(graph, now, begins.data), view, now, {
      assume: behaviour,
    })
    return { template, journey, told }
  })
}

/** A couple such as the journey begins with: one that has just inquired, or one that is booked. */
function beginsWith(trigger: string): { stage: string; data: JsonObject } {
  if (trigger === 'client_added') return { stage: 'inquiry', data: { stage: 'inquiry' } }
  return { stage: 'booked', data: { from: 'inquiry', to: 'booked' } }
}

/** The journey as this vendor would have it; refuses an answer that would spoil a letter, each one named. */
export async function writtenFor(
  sql: Sql,
  vendor: VendorId,
  key: string,
  given: Given,
): Promise<{ template: Template; journey: Journey; links: { [name: string]: string }; settings: Settings }> {
  const template = templateOf(key)
  if (!template) throw new Refusal('not_found', 'There is no template by this name.')
  const answers = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  )
  const problems = Object.entries(answers).flatMap(([name, value]) => {
    const message = answerProblem(template, name, value)
    return message === null ? [] : [wrongAnswer(name, message)]
  })
  if (problems.length === 0)
    for (const { key: name, kind, label } of template.questions) {
      const form = answers[name]
      if (kind === 'form' && form !== undefined && !(await publishedForm(sql, vendor, form)))
        problems.push(
          wrongAnswer(name, `${label}: no form is published under "${form}". Choose another one.`),
        )
    }
  if (problems.length > 0)
    throw new Refusal('invalid', problems.map((one) => one.message).join(' '), {}, problems)
  const links = Object.fromEntries(
    template.questions.flatMap(({ key: name, kind }) =>
      kind === 'link' && answers[name] !== undefined ? [[name, answers[name]]] : [],
    ),
  )
  const settings = await settingsOf(sql, vendor, 'lock')
  const known = new Set([...Object.keys(settings.rules.links), ...Object.keys(links)])
  return { template, journey: written(template, answers, known), links, settings }
}

const wrongAnswer = (name: string, message: string) => ({
  code: 'answer',
  severity: 'error' as const,
  path: `answers.${name}`,
  message,
})

/** Every template as a vendor of this trade sees it, with what they have taken from it. */
export function templateLines(settings: Settings, adopted: readonly AdoptedRow[]) {
  return templatesFor(settings.type).map((one) => ({
    key: one.key,
    version: one.version,
    name: one.name,
    says: one.says,
    trades: [...one.trades],
    fits: one.trades.length === 0 || one.trades.includes(settings.type),
    messages: messagesIn(one),
    questions: one.questions.map((question) => ({
      ...question,
      known: question.kind === 'link' ? (settings.rules.links[question.key] ?? null) : null,
    })),
    adopted: adopted
      .filter(({ template }) => template === one.key)
      .map((row) => ({
        id: row.journey_id,
        name: row.name,
        version: row.template_version,
        behind: row.template_version < one.version,
      })),
  }))
}

const messagesIn = (template: Template): number =>
  plain(template).nodes.filter((node) => node.kind === 'module').length
