import { useEffect } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Progress } from '../../../ui/Waiting.tsx'
import { jobDetail } from '../../job-words.ts'
import { isNotHere } from '../../NotHere.tsx'
import { useJob } from './useJob.ts'

/** Many couples at once: counted while it runs; then what was done, who was left out and why, and the way back. */
export function JobProgress({
  id,
  label,
  undoable,
  undo: undoes = 'Undo',
  left = 'left out',
  onUndo,
  onClose,
  closes = 'Close',
}: {
  readonly id: string
  readonly label: string
  readonly undoable: boolean
  readonly undo?: string
  /** What became of those it was not done for. */
  readonly left?: string
  readonly onUndo: (job: string) => void
  readonly onClose: () => void
  readonly closes?: string
}) {
  const { job, error, busy, undo } = useJob(id)
  // Not known any more, it has nothing to tell.
  const isGone = isNotHere(error)
  useEffect(() => {
    if (isGone) onClose()
  }, [isGone, onClose])
  if (isGone) return null
  const over = job !== null && job.state !== 'running'
  const reasons = [...Map.groupBy(job?.results ?? [], (one) => one.why ?? '')].sort(
    (a, b) => b[1].length - a[1].length,
  )
  return (
    <section
      aria-label={label}
      aria-live="polite"
      className="mt-3 rounded-md border border-border bg-card px-4 py-3"
    >
      <Progress
        label={!over ? label : job.done === 0 ? `${label}: nothing was changed` : `${label}: done`}
        done={over ? job.done : (job?.done ?? 0) + (job?.refused ?? 0)}
        of={job?.total ?? 0}
        {...(job && jobDetail(job, left))}
      />
      {over && (
        <>
          {reasons.length > 0 && (
            <ul className="mt-2 text-small text-muted-foreground">
              {reasons.map(([why, rows]) => (
                <li key={why}>
                  {rows.length.toLocaleString()} {left}: {why}
                </li>
              ))}
            </ul>
          )}
          <div className="mt-3 flex gap-2">
            {undoable && job.done > 0 && (
              <Button busy={busy} onClick={() => undo(onUndo)}>
                {undoes}
              </Button>
            )}
            <Button look={closes === 'Close' ? 'ghost' : 'primary'} onClick={onClose}>
              {closes}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
