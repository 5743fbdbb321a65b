import { Suspense } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { lazily } from '../../lazily.tsx'
import { NothingMissing } from '../../shell/PartMissing.tsx'

// What it asks is of no use to a business of one's own, whose first page would carry it.
const RemoveSample = lazily(async () => (await import('./RemoveSample.tsx')).RemoveSample, NothingMissing)

export function InTheSample({ own, onHome }: { readonly own: string | null; readonly onHome: () => void }) {
  return (
    <aside
      aria-label="Sample studio"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-info-border bg-info-surface px-5 py-1.5 text-small md:px-10"
    >
      <p className="flex-1 md:min-w-[260px]">
        <b className="font-strong">This is the sample studio.</b>
        <span className="max-md:sr-only"> Try whatever you like: nothing leaves it.</span>
      </p>
      <div className="flex gap-2">
        {own && (
          <Button size="sm" onClick={onHome} aria-label={`Back to ${own}`}>
            <span className="max-md:hidden">Back to {own}</span>
            <span className="md:hidden">Back</span>
          </Button>
        )}
        <Suspense
          fallback={
            <Button size="sm" look="quiet-danger" disabled>
              Remove it
            </Button>
          }
        >
          <RemoveSample onHome={onHome} />
        </Suspense>
      </div>
    </aside>
  )
}
