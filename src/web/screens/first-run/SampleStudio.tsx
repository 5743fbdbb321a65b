import { Link } from '@tanstack/react-router'
import { Button } from '../../../ui/Button.tsx'
import { Progress } from '../../../ui/Waiting.tsx'
import { useHeldBack } from '../../held-back.ts'
import { useSample } from './useSample.ts'

/** A studio in the middle of its season, beside one's own: to see what all this looks like when it is lived in. */
export function SampleStudio() {
  const { sample, busy, load, remove } = useSample()
  const isGoing = useHeldBack().has('sample')
  if (!sample || isGoing) return null
  return (
    <section
      aria-label="Sample studio"
      className="mt-8 flex max-w-[860px] flex-wrap items-center gap-x-6 gap-y-3 rounded-md border border-dashed border-border-strong px-4 py-3"
    >
      <div className="min-w-[240px] flex-1">
        <h2 className="font-display text-h3 font-medium">Rather look round first?</h2>
        <p className="text-muted-foreground">
          A studio with forty couples in the middle of their season. It stands beside your own book and
          touches nothing in it; nothing ever leaves it.
        </p>
      </div>
      {sample.is === 'none' && (
        <Button busy={busy} onClick={load}>
          Load the sample studio
        </Button>
      )}
      {sample.is === 'cut_off' && (
        <div className="grid gap-2">
          <p className="max-w-[320px] text-warning-text">
            Loading it was cut off before its season was over. Nothing of it is in your way.
          </p>
          <div className="flex flex-wrap gap-2">
            <Button busy={busy} onClick={load}>
              Load it again
            </Button>
            <Button look="ghost" busy={busy} onClick={() => remove(() => undefined)}>
              Clear it
            </Button>
          </div>
        </div>
      )}
      {sample.is === 'loading' && <Passing label="A season passes" done={sample.done} />}
      {sample.is === 'removing' && <Passing label="It is being removed" done={sample.done} />}
      {sample.is === 'ready' && (
        <div className="flex flex-wrap gap-2">
          <Button asChild>
            <Link to="/clients" search={{ business: sample.vendor ?? '' }}>
              Look round
            </Link>
          </Button>
          <Button look="quiet-danger" busy={busy} onClick={() => remove(() => undefined)}>
            Remove it
          </Button>
        </div>
      )}
    </section>
  )
}

const Passing = ({ label, done }: { readonly label: string; readonly done: number }) => (
  <div className="w-[240px]">
    <Progress label={label} done={Math.round(done * 100)} of={100} />
  </div>
)
