import { Link, useNavigate } from '@tanstack/react-router'
import {
  ArrowLeft,
  ChartNoAxesColumn,
  Download,
  Ellipsis,
  FastForward,
  History,
  Pencil,
  Play,
  Redo2,
  Settings2,
  Undo2,
  Upload,
} from 'lucide-react'
import { useState } from 'react'
import { saveDraft } from '../../../contract/journeys.ts'
import { publishJourney } from '../../../contract/publications.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { useHere } from '../../session.ts'
import { actsOf, useActs } from '../../shell/commands.ts'
import { AsChip } from './AsChip.tsx'
import { useDesigner } from './context.ts'
import type { DraftKeeper, Saving } from './draft-keeper.ts'
import { download } from './files.ts'
import { JourneySettings } from './JourneySettings.tsx'
import type { Mode } from './modes.ts'
import { ProblemList } from './ProblemList.tsx'
import { useKept } from './useDraft.ts'
import { Versions } from './Versions.tsx'

const MODES: readonly { readonly value: Mode; readonly label: string }[] = [
  { value: 'build', label: 'Build' },
  { value: 'simulate', label: 'Simulate' },
  { value: 'live', label: 'Live' },
  { value: 'publish', label: 'Publish' },
]

/** Each side as what one goes there for. */
const SIDES = [
  { is: 'build', label: 'Build', icon: Pencil, also: ['draw', 'edit'] },
  { is: 'simulate', label: 'Simulate', icon: FastForward, also: ['try', 'run ahead', 'test'] },
  { is: 'live', label: 'Live', icon: ChartNoAxesColumn, also: ['who is where', 'results'] },
  { is: 'publish', label: 'Publish', icon: Upload, also: ['make it live', 'roll back'] },
] as const

/** What this is, how it stands, which side of it one looks at, and through whose eyes. */
export function Header({ keeper, mode }: { readonly keeper: DraftKeeper; readonly mode: Mode }) {
  const { document, couple, go } = useDesigner()
  const { may } = useHere()
  const mayEdit = may(saveDraft)
  const navigate = useNavigate({ from: '/journeys/$journeyId' })
  const [open, setOpen] = useState<'versions' | 'settings' | null>(null)
  const close = () => setOpen(null)
  const more = [
    { label: 'Name, beginning again, ends', icon: Settings2, onSelect: () => setOpen('settings') },
    { label: 'Versions', icon: History, onSelect: () => setOpen('versions') },
    { label: 'Export the drawing', icon: Download, onSelect: () => download(document) },
  ] as const
  useActs([
    ...SIDES.filter(({ is }) => is !== mode && (is !== 'publish' || may(publishJourney))).map((side) => ({
      ...side,
      run: () => go(side.is),
    })),
    ...actsOf(more),
  ])
  return (
    <header className="grid shrink-0 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 gap-y-1.5 border-b border-border bg-card px-3 py-2 md:flex md:min-h-[var(--size-topbar)] md:gap-x-3 md:px-4 md:py-0">
      <Link
        to="/journeys"
        aria-label="Back to journeys"
        className="relative inline-flex size-7 shrink-0 items-center justify-center rounded-sm hover:bg-muted touch:after:absolute touch:after:-inset-2"
      >
        <Icon of={ArrowLeft} />
      </Link>
      <div className="flex min-w-0 items-center gap-1 md:flex-initial">
        <h1
          tabIndex={-1}
          className="line-clamp-2 min-w-0 font-display text-h3 font-medium max-md:text-[16px] max-md:leading-[19px] md:line-clamp-none md:truncate"
        >
          {document.name || 'A journey without a name'}
        </h1>
        <Menu
          align="start"
          trigger={<IconButton look="ghost" size="sm" icon={Ellipsis} label="More to do with this journey" />}
          items={more}
        />
      </div>
      <div className="flex min-w-0 md:order-last">
        <AsChip
          couple={couple}
          onChoose={(as) => void navigate({ search: (before) => ({ ...before, as }), replace: true })}
        />
      </div>
      <Version keeper={keeper} />
      <div className="col-span-2 md:mx-auto">
        <Segmented label="Which side of the journey" value={mode} segments={MODES} onChange={go} />
      </div>
      <div className="flex min-w-0 shrink-0 items-center justify-end gap-1">
        {mode === 'build' && mayEdit && <Steps keeper={keeper} />}
        <ProblemList keeper={keeper} mayEdit={mayEdit} />
      </div>
      {open === 'versions' && <Versions keeper={keeper} onClose={close} />}
      {open === 'settings' && <JourneySettings keeper={keeper} mayEdit={mayEdit} onClose={close} />}
    </header>
  )
}

function Steps({ keeper }: { readonly keeper: DraftKeeper }) {
  const { history } = useKept(keeper)
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
