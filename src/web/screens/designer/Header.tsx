import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Pencil, Play, Redo2, Undo2 } from 'lucide-react'
import { saveDraft } from '../../../contract/journeys.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { useHere } from '../../session.ts'
import { AsChip } from './AsChip.tsx'
import { useDesigner } from './context.ts'
import type { DraftKeeper, Saving } from './draft-keeper.ts'
import type { Mode } from './modes.ts'
import { useKept } from './useDraft.ts'

const MODES: readonly { readonly value: Mode; readonly label: string }[] = [
  { value: 'build', label: 'Build' },
  { value: 'simulate', label: 'Simulate' },
  { value: 'live', label: 'Live' },
  { value: 'publish', label: 'Publish' },
]

/** What this is, how it stands, which side of it one looks at, and through whose eyes. */
export function Header({ keeper, mode }: { readonly keeper: DraftKeeper; readonly mode: Mode }) {
  const { document, couple, go } = useDesigner()
  const navigate = useNavigate({ from: '/journeys/$journeyId' })
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-border bg-background px-3 py-2 md:min-h-[var(--size-topbar)] md:flex-nowrap md:px-4 md:py-0">
      <Link
        to="/journeys"
        aria-label="Back to journeys"
        className="relative inline-flex size-7 shrink-0 items-center justify-center rounded-sm hover:bg-muted touch:after:absolute touch:after:-inset-2"
      >
        <Icon of={ArrowLeft} />
      </Link>
      <h1 tabIndex={-1} className="min-w-0 truncate font-display text-h3 font-medium">
        {document.name}
      </h1>
      <Version keeper={keeper} />
      <div className="order-last flex w-full justify-center md:order-none md:mx-auto md:w-auto">
        <Segmented label="Which side of the journey" value={mode} segments={MODES} onChange={go} />
      </div>
      <div className="ml-auto flex min-w-0 shrink-0 items-center gap-1.5 md:ml-0">
        {mode === 'build' && <Steps keeper={keeper} />}
        <AsChip
          couple={couple}
          onChoose={(as) => void navigate({ search: (before) => ({ ...before, as }), replace: true })}
        />
      </div>
    </header>
  )
}

function Steps({ keeper }: { readonly keeper: DraftKeeper }) {
  const { history } = useKept(keeper)
  const { may } = useHere()
  if (!may(saveDraft)) return null
  const back = history.past.at(-1)
  const again = history.future.at(-1)
  return (
    <>
      <IconButton
        look="ghost"
        size="sm"
        icon={Undo2}
        label={back ? `Undo: ${back.label}` : 'Undo'}
        keys={['Mod', 'Z']}
        disabled={!back}
        onClick={() => keeper.undo()}
      />
      <IconButton
        look="ghost"
        size="sm"
        icon={Redo2}
        label={again ? `Do again: ${again.label}` : 'Do again'}
        keys={['Mod', 'Shift', 'Z']}
        disabled={!again}
        onClick={() => keeper.redo()}
      />
    </>
  )
}

function Version({ keeper }: { readonly keeper: DraftKeeper }) {
  const { journey } = useDesigner()
  const { saving, history } = useKept(keeper)
  const isDraft = journey.hasDraft || history.past.length > 0 || journey.version === null
  return (
    <span className="hidden shrink-0 items-center gap-2 lg:flex">
      {isDraft ? (
        <Badge icon={Pencil}>
          {journey.version === null ? 'Draft, never published' : `Draft of version ${journey.version}`}
        </Badge>
      ) : (
        <Badge tone="success" icon={Play}>
          Version {journey.version}
        </Badge>
      )}
      <span aria-live="polite" className="text-small whitespace-nowrap text-muted-foreground">
        {saidOf(saving)}
      </span>
    </span>
  )
}

function saidOf(saving: Saving): string {
  switch (saving.is) {
    case 'saved':
      return saving.at === null ? '' : `saved ${clockOf(saving.at)}`
    case 'unsaved':
    case 'saving':
      return 'saving'
    case 'failed':
      return 'not saved yet'
    case 'overtaken':
      return 'changed by somebody else'
  }
}

const clockOf = (iso: string): string =>
  new Intl.DateTimeFormat(navigator.language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
