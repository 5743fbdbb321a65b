import { Trash2 } from 'lucide-react'
import { IconButton } from '../../../ui/Button.tsx'
import { Input } from '../../../ui/Input.tsx'
import { toast } from '../../../ui/toasts.ts'
import { changedSection, withoutSection } from './document.ts'
import type { FormDraft } from './useFormDraft.ts'

/** The heading of a part, written in its place. One part alone needs none. */
export function SectionHead({
  draft,
  at,
  readOnly,
}: {
  readonly draft: FormDraft
  readonly at: number
  readonly readOnly: boolean
}) {
  const { form, edit } = draft
  const section = form.sections[at]!
  const name = `Part ${at + 1}`
  if (readOnly || (form.sections.length === 1 && section.title === undefined))
    return (
      <h2 className="min-h-7 font-display text-h3 font-medium">
        {section.title || (form.sections.length === 1 ? 'Questions' : name)}
      </h2>
    )
  return (
    <div className="mb-1 flex items-center gap-2">
      <h2 className="sr-only">{section.title || name}</h2>
      <div className="min-w-0 flex-1">
        <Input
          aria-label={`Heading of part ${at + 1}`}
          placeholder={name}
          value={section.title ?? ''}
          maxLength={200}
          onChange={({ target }) =>
            edit(
              changedSection(form, at, (one) => ({ ...one, title: target.value })),
              'Wording a heading',
              `section ${section.id}`,
            )
          }
        />
      </div>
      {form.sections.length > 1 && (
        <IconButton
          icon={Trash2}
          look="ghost"
          label={`Take the heading of part ${at + 1} away; its questions stay`}
          onClick={() => {
            edit(withoutSection(form, at), 'Taking a part away')
            toast('The part is taken away; its questions stay', { undo: draft.undo })
          }}
        />
      )}
    </div>
  )
}
