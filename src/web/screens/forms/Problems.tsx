import { TriangleAlert } from 'lucide-react'
import { type Form, fieldsOf } from '../../../core/form/form.ts'
import type { Problem } from '../../../core/problem.ts'
import { Button } from '../../../ui/Button.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { nameOf } from './document.ts'

/** What keeps a form from being published, each with the way to it. */
export function Problems({
  problems,
  form,
  onGo,
}: {
  readonly problems: readonly Problem[]
  readonly form: Form
  readonly onGo: (field: string | null) => void
}) {
  return (
    <Menu
      trigger={
        <Button icon={TriangleAlert}>
          Publish, {problems.length} {problems.length === 1 ? 'thing is' : 'things are'} open
        </Button>
      }
      items={problems.slice(0, 12).map((problem, index) => {
        const field = fieldAt(form, problem.path)
        return {
          label: `${index + 1}. ${field ? `${nameOf(field)}: ` : ''}${problem.message}`,
          onSelect: () => onGo(field?.id ?? null),
        }
      })}
    />
  )
}

export function fieldAt(form: Form, path: string) {
  const found = /^\/sections\/(\d+)\/fields\/(\d+)/.exec(path)
  if (!found) return null
  const field = form.sections[Number(found[1])]?.fields[Number(found[2])]
  return field && fieldsOf(form).includes(field) ? field : null
}
