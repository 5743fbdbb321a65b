import {
  AlignLeft,
  CalendarDays,
  CircleDot,
  Clock,
  Copy,
  Ellipsis,
  GripVertical,
  Hash,
  House,
  ListChecks,
  Mail,
  Phone,
  Plus,
  SlidersHorizontal,
  ToggleLeft,
  Trash2,
  Type,
  Users,
} from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { FIELD_KINDS, type Field, type FieldKind, KIND_NAMES } from '../../../core/form/form.ts'
import { formProblems } from '../../../core/form/problems.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Sheet } from '../../../ui/Dialog.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon, type IconShape } from '../../../ui/Icon.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { toast } from '../../../ui/toasts.ts'
import {
  duplicated,
  fieldOf,
  moved,
  nameOf,
  newField,
  nudged,
  type Place,
  placeOf,
  withField,
  withoutField,
  withSection,
} from './document.ts'
import { FieldPanel } from './FieldPanel.tsx'
import { FormPanel } from './FormPanel.tsx'
import { fieldAt } from './Problems.tsx'
import { SectionHead } from './SectionHead.tsx'
import type { FormDraft } from './useFormDraft.ts'
import { useWide } from './useWide.ts'

export const KIND_ICONS: { readonly [kind in FieldKind]: IconShape } = {
  short_text: Type,
  long_text: AlignLeft,
  email: Mail,
  phone: Phone,
  number: Hash,
  date: CalendarDays,
  time: Clock,
  choice: CircleDot,
  choices: ListChecks,
  yes_no: ToggleLeft,
  address: House,
  people: Users,
}

type Props = {
  readonly draft: FormDraft
  readonly chosen: string | null
  readonly choose: (field: string | null) => void
  readonly readOnly: boolean
}

/** The questions in their order, beside what the chosen one asks. On a phone the panel comes from below. */
export function Builder({ draft, chosen, choose, readOnly }: Props) {
  const wide = useWide()
  const [whole, setWhole] = useState(false)
  const { form } = draft
  const field = fieldOf(form, chosen)
  const panel = field ? (
    <FieldPanel key={field.id} draft={draft} field={field} readOnly={readOnly} />
  ) : (
    <FormPanel draft={draft} readOnly={readOnly} />
  )
  const shown = field !== null || whole
  const close = (): void => {
    choose(null)
    setWhole(false)
  }
  return (
    <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_384px]">
      <div className="min-w-0">
        {!wide && (
          <div className="mb-3">
            <Button icon={SlidersHorizontal} onClick={() => setWhole(true)}>
              Title, words and parts
            </Button>
          </div>
        )}
        <Questions draft={draft} chosen={chosen} choose={choose} readOnly={readOnly} />
      </div>
      {wide ? (
        <aside
          aria-label={field ? 'The chosen question' : 'The whole form'}
          className="self-start lg:sticky lg:top-[68px]"
        >
          {panel}
        </aside>
      ) : (
        <Sheet
          open={shown}
          onOpenChange={(open) => !open && close()}
          title={field ? nameOf(field) : 'The whole form'}
          actions={
            <Button look="primary" size="touch" onClick={close}>
              Done
            </Button>
          }
        >
          {panel}
        </Sheet>
      )}
    </div>
  )
}

function Questions({ draft, chosen, choose, readOnly }: Props) {
  const { form, edit } = draft
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<Place | null>(null)
  const wrong = new Set(formProblems(form).flatMap(({ path }) => fieldAt(form, path)?.id ?? []))
  const live = useRef<HTMLParagraphElement>(null)
  const say = (words: string): void => {
    if (live.current) live.current.textContent = words
  }
  const add = (kind: FieldKind): void => {
    const field = newField(kind, form)
    edit(withField(form, field, chosen), `Adding a question`)
    choose(field.id)
  }
  const nudge = (field: Field, by: 1 | -1): void => {
    const next = nudged(form, field.id, by)
    if (next === form) return
    edit(next, `Moving ${nameOf(field)}`, `move ${field.id}`)
    const place = placeOf(next, field.id)
    if (place) say(`${nameOf(field)} is now number ${place.field + 1} of part ${place.section + 1}.`)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    if (dragged && over) {
      const from = placeOf(form, dragged)
      const below = from && from.section === over.section && from.field < over.field
      const field = fieldOf(form, dragged)
      edit(
        moved(form, dragged, below ? { ...over, field: over.field - 1 } : over),
        `Moving ${field ? nameOf(field) : 'a question'}`,
      )
    }
    setDragged(null)
    setOver(null)
  }
  let number = 0
  const empty = form.sections.every((section) => section.fields.length === 0)
  return (
    <>
      <p ref={live} className="sr-only" aria-live="polite" />
      {form.sections.map((section, s) => (
        <section key={section.id} className="mb-5 border-t border-rule pt-2">
          <SectionHead draft={draft} at={s} readOnly={readOnly} />
          <ol onDragOver={(event) => event.preventDefault()} onDrop={drop}>
            {section.fields.map((field, f) => {
              number += 1
              return (
                <Row
                  key={field.id}
                  field={field}
                  number={number}
                  chosen={chosen === field.id}
                  wrong={wrong.has(field.id)}
                  readOnly={readOnly}
                  dropsHere={over?.section === s && over.field === f}
                  onChoose={() => choose(chosen === field.id ? null : field.id)}
                  onNudge={(by) => nudge(field, by)}
                  onDragStart={() => setDragged(field.id)}
                  onDragEnd={() => {
                    setDragged(null)
                    setOver(null)
                  }}
                  onDragOver={(half) => dragged && setOver({ section: s, field: f + half })}
                  onCopy={() => {
                    const copy = duplicated(form, field.id)
                    edit(copy.form, `Copying ${nameOf(field)}`)
                    choose(copy.id)
                  }}
                  onRemove={() => {
                    edit(withoutField(form, field.id), `Taking ${nameOf(field)} away`)
                    if (chosen === field.id) choose(null)
                    toast(`${nameOf(field)} is taken away`, { undo: draft.undo })
                  }}
                />
              )
            })}
            {dragged && (
              <li
                className={classNames(
                  'h-8 rounded-sm border border-dashed',
                  over?.section === s && over.field === section.fields.length
                    ? 'border-primary bg-selected'
                    : 'border-border-strong',
                )}
                onDragOver={() => setOver({ section: s, field: section.fields.length })}
              />
            )}
          </ol>
        </section>
      ))}
      {empty && !readOnly && (
        <div className="mb-4">
          <EmptyState title="What would you like to know?" level={3}>
            <p>Choose what kind of answer you need. Twelve kinds are below.</p>
          </EmptyState>
        </div>
      )}
      {!readOnly && (
        <>
          <Palette onAdd={add} />
          <div className="mt-3">
            <Button icon={Plus} look="ghost" onClick={() => edit(withSection(form), 'Adding a part')}>
              Add a part with a heading
            </Button>
          </div>
        </>
      )}
    </>
  )
}

/** Twelve kinds of answers; the new question comes behind the chosen one. */
const Palette = ({ onAdd }: { readonly onAdd: (kind: FieldKind) => void }) => (
  <section aria-label="Add a question" className="border-t border-rule pt-2">
    <h3 className="font-display text-h3 font-medium">Add a question</h3>
    <div className="mt-2 grid grid-cols-2 gap-2 sm:grid-cols-3 xl:grid-cols-4">
      {FIELD_KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          onClick={() => onAdd(kind)}
          className="flex min-h-9 items-center gap-2 rounded-sm border border-border-strong bg-card px-2.5 text-left text-ui shadow-xs hover:bg-muted touch:min-h-11"
        >
          <Icon of={KIND_ICONS[kind]} size={16} className="text-muted-foreground" />
          {KIND_NAMES[kind]}
        </button>
      ))}
    </div>
  </section>
)

function Row({
  field,
  number,
  chosen,
  wrong,
  readOnly,
  dropsHere,
  onChoose,
  onNudge,
  onDragStart,
  onDragEnd,
  onDragOver,
  onCopy,
  onRemove,
}: {
  readonly field: Field
  readonly number: number
  readonly chosen: boolean
  readonly wrong: boolean
  readonly readOnly: boolean
  readonly dropsHere: boolean
  readonly onChoose: () => void
  readonly onNudge: (by: 1 | -1) => void
  readonly onDragStart: () => void
  readonly onDragEnd: () => void
  /** 0: it would stand before this one; 1: behind it. */
  readonly onDragOver: (half: 0 | 1) => void
  readonly onCopy: () => void
  readonly onRemove: () => void
}) {
  const row = useRef<HTMLLIElement>(null)
  return (
    <li
      ref={row}
      onDragOver={(event) => {
        event.preventDefault()
        const box = event.currentTarget.getBoundingClientRect()
        onDragOver(event.clientY < box.top + box.height / 2 ? 0 : 1)
      }}
      className={classNames(
        'flex min-h-11 items-center gap-1 border-t border-border first:border-t-0',
        chosen && 'bg-selected',
        dropsHere && 'shadow-[inset_0_2px_0_var(--primary)]',
      )}
    >
      {!readOnly && (
        <button
          type="button"
          draggable
          aria-label={`Move ${nameOf(field)}: arrow up and down`}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move'
            event.dataTransfer.setData('text/plain', field.id)
            if (row.current) event.dataTransfer.setDragImage(row.current, 12, 12)
            onDragStart()
          }}
          onDragEnd={onDragEnd}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
            event.preventDefault()
            onNudge(event.key === 'ArrowUp' ? -1 : 1)
          }}
          className="flex h-9 w-6 shrink-0 cursor-grab items-center justify-center rounded-xs text-muted-foreground hover:text-foreground touch:h-11 touch:w-8"
        >
          <Icon of={GripVertical} size={14} />
        </button>
      )}
      <button
        type="button"
        aria-pressed={chosen}
        onClick={onChoose}
        className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-xs py-1.5 text-left"
      >
        <span className="w-5 shrink-0 text-right font-display text-muted-foreground italic">{number}</span>
        <Icon of={KIND_ICONS[field.kind]} size={16} className="shrink-0 text-muted-foreground" />
        <span className="min-w-0 flex-1">
          <span
            className={classNames('block truncate', !field.label.trim() && 'text-muted-foreground italic')}
          >
            {nameOf(field)}
          </span>
          <span className="block truncate text-small text-muted-foreground">
            {[
              KIND_NAMES[field.kind],
              field.required && 'needed',
              field.showIf && 'shown by an answer',
              field.writesTo && 'written back',
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
        {wrong && <span className="shrink-0 text-small text-danger-text">open</span>}
      </button>
      {!readOnly && (
        <Menu
          trigger={<IconButton icon={Ellipsis} look="ghost" label={`More for ${nameOf(field)}`} />}
          items={[
            { label: 'Copy it', icon: Copy, onSelect: onCopy },
            { label: 'Move up', onSelect: () => onNudge(-1) },
            { label: 'Move down', onSelect: () => onNudge(1) },
            'line',
            { label: 'Take it away', icon: Trash2, danger: true, onSelect: onRemove },
          ]}
        />
      )}
    </li>
  )
}
