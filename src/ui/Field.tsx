import { TriangleAlert } from 'lucide-react'
import { type ComponentProps, createContext, type ReactNode, use, useId } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './Icon.tsx'

/** What a control inside a field takes from it: its name, what describes it, and whether it is wrong. */
type FieldLinks = {
  readonly id: string
  readonly labelId: string
  readonly describedBy: string | undefined
  readonly invalid: boolean
  readonly required: boolean
}
const Links = createContext<FieldLinks | null>(null)

/** The attributes that tie a control to the field around it; outside a field there are none. */
export function useField(): Pick<
  ComponentProps<'input'>,
  'id' | 'aria-describedby' | 'aria-invalid' | 'aria-required'
> {
  const links = use(Links)
  if (!links) return {}
  return {
    id: links.id,
    ...(links.describedBy && { 'aria-describedby': links.describedBy }),
    ...(links.invalid && { 'aria-invalid': true }),
    ...(links.required && { 'aria-required': true }),
  }
}
export const useFieldLabel = (): string | undefined => use(Links)?.labelId

/** A question, its answer, and below it either help or what is wrong and how to mend it. */
export function Field({
  label,
  hint,
  error,
  optional = false,
  required = false,
  aside,
  children,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | null | undefined
  readonly optional?: boolean
  readonly required?: boolean
  /** Beside the label, at the far end: "Forgotten?" */
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const id = useId()
  const hintId = `${id}-hint`
  const errorId = `${id}-error`
  const labelId = `${id}-label`
  const describedBy = [hint && hintId, error && errorId].filter(Boolean).join(' ') || undefined
  return (
    <div className="min-w-0">
      <div className="mb-1 flex items-baseline gap-1.5 text-small">
        <label id={labelId} htmlFor={id} className="font-strong">
          {label}
        </label>
        {optional && <span className="text-muted-foreground">if you like</span>}
        {aside && <span className="ml-auto">{aside}</span>}
      </div>
      <Links value={{ id, labelId, describedBy, invalid: Boolean(error), required }}>{children}</Links>
      {hint && (
        <p id={hintId} className={classNames('mt-1 text-small text-muted-foreground', error && 'sr-only')}>
          {hint}
        </p>
      )}
      <Wrong id={errorId}>{error}</Wrong>
    </div>
  )
}

/** What is wrong and how to mend it. Always there, so that what appears in it is announced. */
export const Wrong = ({ id, children }: { readonly id: string; readonly children: ReactNode }) => (
  <p id={id} aria-live="polite" className="flex gap-1 text-small text-danger-text not-empty:mt-1">
    {children && (
      <>
        <Icon of={TriangleAlert} size={12} className="mt-0.5" />
        {children}
      </>
    )}
  </p>
)
