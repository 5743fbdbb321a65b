import { diff, summaryOf } from '../../../core/journey/diff.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import type { DraftKeeper } from './draft-keeper.ts'
import { isDrawable } from './drawable.ts'
import { useKept } from './useDraft.ts'
import { useWho } from './useWho.ts'

const TOLD_MAX = 4

/** Two drew at once: who, when and what, and a person decides. Nothing is written until then. */
export function Overtaken({ keeper }: { readonly keeper: DraftKeeper }) {
  const { saving, history } = useKept(keeper)
  const who = useWho()
  if (saving.is !== 'overtaken') return null
  const { theirs } = saving
  const told = isDrawable(theirs.document) ? summaryOf(diff(history.now.document, theirs.document)) : []
  return (
    <div className="shrink-0 border-b border-border px-4 py-2">
      <Banner
        kind="warning"
        live
        title={`${byWhom(who(theirs.by))} changed this journey while you did${theirs.at ? `, at ${clockOf(theirs.at)}` : ''}`}
        action={
          <span className="flex shrink-0 flex-wrap justify-end gap-2">
            <Button size="sm" look="primary" onClick={() => keeper.takeTheirs()}>
              Take theirs
            </Button>
            <Button size="sm" onClick={() => keeper.keepMine()}>
              Keep mine
            </Button>
          </span>
        }
      >
        <p>
          Yours is not saved yet. Taking theirs can be undone; keeping yours puts it in the place of theirs.
          {told.length > 0 && ' Theirs against yours:'}
        </p>
        {told.length > 0 && (
          <ul className="mt-1 list-disc pl-5">
            {told.slice(0, TOLD_MAX).map((one) => (
              <li key={one}>{one}</li>
            ))}
            {told.length > TOLD_MAX && <li>and {told.length - TOLD_MAX} more</li>}
          </ul>
        )}
      </Banner>
    </div>
  )
}

/** Two windows of one person are two hands as well. */
const byWhom = (name: string): string => (name === 'you' ? 'You yourself, in another window,' : name)

const clockOf = (iso: string): string =>
  new Intl.DateTimeFormat(navigator.language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
