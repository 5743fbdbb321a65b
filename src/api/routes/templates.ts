import { adoptTemplate, listTemplates, previewTemplate } from '../../contract/templates.ts'
import type { ClientId, JourneyId, JsonObject } from '../../core/ids.ts'
import type { Journey } from '../../core/journey/graph.ts'
import { Refusal } from '../../core/refusal.ts'
import type { FutureStep } from '../../core/run/forecast.ts'
import { sentenceOf } from '../../core/run/sentences.ts'
import type { Teller } from '../../core/run/teller.ts'
import { isoOf } from '../../core/time/instant.ts'
import type { LocalDate } from '../../core/time/local.ts'
import { saveDraftIn } from '../../engine/drafts.ts'
import { changeSettingsIn, settingsOf } from '../../engine/settings.ts'
import {
  exampleOn,
  nextCouple,
  PREVIEWED,
  previewTemplates,
  templateLines,
  writtenFor,
} from '../../engine/templates.ts'
import { readDesigned } from '../../store/journey-drafts.ts'
import { insertJourney } from '../../store/journeys.ts'
import { adoptedJourneys } from '../../store/templates.ts'
import { changes, type Route, reads } from '../frame/route.ts'
import { freeKey, shown } from './journeys.ts'

/** Decisions worth a word beside a step: what was moved, merged or left out, and why. */
const WORTH_A_WORD = new Set([
  'free_day',
  'business_day',
  'quiet_hours',
  'capped',
  'deadline_wins',
  'late_merged',
  'late_skipped',
  'late_compressed',
  'late_task',
  'late_sent_now',
])

const WHAT: { readonly [what: string]: 'merged' | 'left_out' } = { merge: 'merged', skip: 'left_out' }

function shownSteps(steps: readonly FutureStep[], journey: Journey, teller: Teller) {
  const nodes = new Map(journey.nodes.map((node) => [node.id, node]))
  return steps.flatMap((step) => {
    const node = nodes.get(step.node)
    const is = node?.kind === 'module' ? 'message' : step.what === 'task' ? 'task' : null
    if (!is || !node) return []
    return [
      {
        node: step.node as string,
        name: step.name,
        is: is as 'message' | 'task',
        at: step.at === null ? null : isoOf(step.at),
        what: WHAT[step.what] ?? ('done' as const),
        critical: node.kind === 'module' && (node.deadline !== undefined || node.band === 'critical'),
        why: step.because.filter((one) => WORTH_A_WORD.has(one.code)).map((one) => sentenceOf(one, teller)),
      },
    ]
  })
}

export const templateRoutes: readonly Route[] = [
  reads(listTemplates, async ({ engine, vendor }) => {
    const [settings, adopted] = await engine.db.read('template.list', { vendors: [vendor] }, (sql) =>
      Promise.all([settingsOf(sql, vendor), adoptedJourneys(sql, vendor)]),
    )
    return { items: templateLines(settings, adopted) }
  }),
  reads(previewTemplate, async ({ engine, vendor, now }, { body }) =>
    engine.db.read('template.preview', { vendors: [vendor] }, async (sql) => {
      const settings = await settingsOf(sql, vendor)
      const couple =
        body.on !== undefined
          ? exampleOn(settings, body.on as LocalDate)
          : await nextCouple(engine, sql, settings, (body.client ?? null) as ClientId | null, now)
      const links = new Set(Object.keys(settings.rules.links))
      const told = await previewTemplates(engine, sql, vendor, couple, PREVIEWED[body.behaviour], now, links)
      return {
        for: {
          client: couple.client,
          name: couple.name,
          on: couple.on,
          zone: couple.zone,
          unattended: couple.unattended,
        },
        items: told.map(({ template, journey, told: { steps, ended } }) => ({
          key: template.key,
          steps: shownSteps(steps, journey, { zone: couple.zone, now }),
          ended: ended && isoOf(ended.at),
        })),
      }
    }),
  ),
  changes(adoptTemplate, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const { template, journey, links, settings } = await writtenFor(
      sql,
      vendor,
      params.template,
      body.answers,
    )
    if (Object.keys(links).length > 0) {
      if (!at.may('vendor:write'))
        throw new Refusal(
          'forbidden',
          'Pages become settings of the business, which an owner or manager changes. Take the template without them, or ask one of them.',
        )
      await changeSettingsIn(sql, settings, { rules: { links: { ...settings.rules.links, ...links } } })
    }
    const { name, category } = journey
    const id = engine.rng.uuid7(at.now) as JourneyId
    const key = await freeKey(sql, vendor, undefined, template.key)
    const from = { key: template.key, version: template.version }
    await insertJourney(sql, { vendor, journey: id, key, name, category, at: at.now, template: from })
    await saveDraftIn(
      engine,
      sql,
      vendor,
      { journey_id: id },
      { basedOn: null, by: at.actor, at: isoOf(at.now), document: journey as unknown as JsonObject },
    )
    at.audit('journey.added', id, { key, template: template.key, version: template.version })
    const row = await readDesigned(sql, vendor, id)
    return shown(engine, sql, vendor, row!)
  }),
]
