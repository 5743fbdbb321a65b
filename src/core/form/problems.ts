import type { Condition } from '../journey/condition.ts'
import { didYouMean } from '../journey/nearest.ts'
import { pointerTo, type Step } from '../journey/pointer.ts'
import type { Problem } from '../problem.ts'
import { FIELDS_MAX, type Field, type FieldKind, type Form, fieldsOf, type Target } from './form.ts'

/** What keeps a form from being published: every problem at once, each with its place and what to do. */
export function formProblems(form: Form): Problem[] {
  const problems: Problem[] = []
  const tell = (code: string, message: string, ...place: readonly Step[]): void => {
    problems.push({ code, severity: 'error', message, path: pointerTo(...place) })
  }
  if (form.title.trim() === '')
    tell('title_missing', 'The form needs a title: couples read it first.', 'title')
  const fields = fieldsOf(form)
  if (fields.length === 0) tell('no_field', 'The form asks nothing yet. Add a question.', 'sections')
  if (fields.length > FIELDS_MAX)
    tell(
      'too_many_fields',
      `A form has at most ${FIELDS_MAX} questions; this one has ${fields.length}.`,
      'sections',
    )
  const sectionIds = new Set<string>()
  const before = new Map<string, Field>()
  const taken = new Map<string, string>()
  for (const [s, section] of form.sections.entries()) {
    if (sectionIds.has(section.id))
      tell('id_taken', `Two sections have the id "${section.id}".`, 'sections', s, 'id')
    sectionIds.add(section.id)
    for (const [f, field] of section.fields.entries()) {
      const at = ['sections', s, 'fields', f] as const
      if (before.has(field.id))
        tell('id_taken', `Two questions have the id "${field.id}". Give one another id.`, ...at, 'id')
      if (field.label.trim() === '') tell('label_missing', 'This question has no words yet.', ...at, 'label')
      for (const [code, message, place] of ofKind(field)) tell(code, message, ...at, place)
      if (field.showIf) {
        for (const message of conditionProblems(field.showIf, before, field.id))
          tell('condition_unusable', message, ...at, 'showIf')
      }
      if (field.writesTo) {
        const misfit = targetMisfit(field, field.writesTo)
        if (misfit) tell('target_unfit', misfit, ...at, 'writesTo')
        const place = JSON.stringify(field.writesTo)
        if (taken.has(place))
          tell(
            'target_taken',
            `"${taken.get(place)}" is written to the same place. One of the two would be lost.`,
            ...at,
            'writesTo',
          )
        taken.set(place, field.label)
      }
      before.set(field.id, field)
    }
  }
  return problems
}

function ofKind(field: Field): (readonly [code: string, message: string, place: string])[] {
  switch (field.kind) {
    case 'choice':
    case 'choices': {
      const ids = field.options.map((option) => option.id)
      return [
        ...(field.options.length < 2
          ? [['options_missing', 'A choice needs at least two options.', 'options'] as const]
          : []),
        ...(field.options.some((option) => option.label.trim() === '')
          ? [['options_missing', 'An option has no words yet.', 'options'] as const]
          : []),
        ...(new Set(ids).size < ids.length
          ? [['id_taken', 'Two options have the same id.', 'options'] as const]
          : []),
      ]
    }
    case 'number':
      return field.min !== undefined && field.max !== undefined && field.min > field.max
        ? [['range_empty', 'The least is more than the most.', 'min']]
        : []
    case 'date':
      return field.earliest !== undefined && field.latest !== undefined && field.earliest > field.latest
        ? [['range_empty', 'The first day is after the last.', 'earliest']]
        : []
    default:
      return []
  }
}

/** A condition asks earlier answers of the same form, and nothing else: the page itself must be able to judge it. */
function conditionProblems(condition: Condition, before: ReadonlyMap<string, Field>, own: string): string[] {
  if ('all' in condition) return condition.all.flatMap((one) => conditionProblems(one, before, own))
  if ('any' in condition) return condition.any.flatMap((one) => conditionProblems(one, before, own))
  if ('not' in condition) return conditionProblems(condition.not, before, own)
  if (!('fact' in condition)) return ['A question can be shown by earlier answers only.']
  const [root, id, ...more] = condition.fact.split('.')
  if (root !== 'answers' || id === undefined || more.length > 0)
    return [`"${condition.fact}" is no answer of this form. Name one as answers.<id>.`]
  if (id === own) return ['A question cannot be shown by its own answer.']
  const asked = before.get(id)
  if (!asked) return [`No earlier question has the id "${id}".${didYouMean(id, before.keys())}`]
  if (condition.is === 'known' || condition.is === 'missing') return []
  if (asked.kind === 'address' || asked.kind === 'people')
    return [`"${asked.label}" can be asked only whether it was answered.`]
  return []
}

const FACT_ONLY: readonly FieldKind[] = ['long_text', 'choice', 'choices', 'yes_no', 'address', 'people']

/** Which kinds of answer fit a place, and in words why this one does not. */
export function targetMisfit(field: Pick<Field, 'kind'>, target: Target): string | null {
  if ('fact' in target) return null
  const wanted = wantedKind(target)
  if (field.kind === wanted) return null
  return FACT_ONLY.includes(field.kind)
    ? 'Answers of this kind can be kept as a fact only.'
    : `This place needs a question of the kind ${wanted.replace('_', ' ')}.`
}

export function wantedKind(target: Exclude<Target, { fact: string }>): FieldKind {
  if ('person' in target) return target.part === 'name' ? 'short_text' : target.part
  return target.wedding === 'guests' ? 'number' : target.wedding
}
