import { AlarmClock, Mail, Pause, Video } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../../ui/Avatar.tsx'
import { Badge, Count, State } from '../../../ui/Badge.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { StatTile } from '../../../ui/StatTile.tsx'
import { StatusPill, StatusWord } from '../../../ui/StatusPill.tsx'
import { STATUS, type Status } from '../../../ui/status.ts'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Diamond, NowLine, Thread, ThreadRow, Why } from '../../../ui/Thread.tsx'
import { Card, Eyebrow, Section, Zone } from '../../../ui/Type.tsx'
import { Progress, Skeleton } from '../../../ui/Waiting.tsx'

export function Things({ room }: { readonly room: string }) {
  return (
    <>
      <Section title="A timeline" level={3}>
        <Timeline />
      </Section>
      <Section title="Alerts and explanation" level={3}>
        <div className="grid gap-2 pt-1">
          <Banner kind="info" title="You photograph on Sat 19 June">
            Two messages that ask for an answer move to Thursday.
          </Banner>
          <Banner
            kind="warning"
            title="Will Tanner has no phone number"
            action={<Button size="sm">Add it</Button>}
          >
            Sunday’s SMS to him cannot be sent.
          </Banner>
          <Banner kind="danger" title="Your timeline, with PDF has no PDF">
            Critical for 14 couples, first Sat 3 July 10:00 London.
          </Banner>
          <Banner kind="held" title="Held because Hannah wrote back">
            Two messages wait until you answer or release them.
          </Banner>
          <Banner kind="success" title="43 couples moved to version 8" onDismiss={() => undefined}>
            Nothing was sent twice. You can roll back.
          </Banner>
        </div>
      </Section>
      <Section title="Cards and figures" level={3}>
        <div className="grid items-start gap-4 pt-1 sm:grid-cols-2">
          <Card pad={false}>
            <div className="px-4 pt-4 text-center">
              <Eyebrow>Saturday 12 June</Eyebrow>
              <h4 className="mt-1 font-display text-lede-dense leading-7 font-medium">
                Freya <i className="font-normal text-muted-foreground">&amp;</i> Aaron
              </h4>
              <p className="text-muted-foreground">Hallow Barn, Cotswolds</p>
              <div className="my-2 flex items-center gap-2.5 before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
                <Diamond small />
              </div>
            </div>
            <div className="flex items-center border-t border-border bg-sunken px-4 py-2">
              <span>
                <b>13:00</b> <Zone>London</Zone>
              </span>
              <span className="ml-auto">
                <StatusPill of="safe">4 of 4 safe</StatusPill>
              </span>
            </div>
          </Card>
          <StatTile
            label="Lateness, p99"
            value="486"
            unit="ms"
            note="whole day, limit 1 s"
            state={<StatusPill of="safe">Within limit</StatusPill>}
          >
            <Progress label="Of the limit" done={486} of={1_000} />
          </StatTile>
        </div>
      </Section>
      <Section title="Progress that counts, waiting that holds its shape" level={3}>
        <div className="grid gap-4 pt-1">
          <Progress label="Importing clients" done={412} of={1_000} detail="3 rows need you, about 6 s" />
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-example>
              <Skeleton lines={3} />
            </div>
            <div className="flex flex-wrap items-center gap-2">
              <Avatar name="Mia Castellani" />
              <Avatar name="Jonas Brandt" />
              <Avatar name="Nell Ashworth" size={40} />
              <Avatar name="Leila" size={20} />
              <Count tone="primary" noun="wait for you">
                {3}
              </Count>
              <Badge>Quiet</Badge>
              <State tone="success" icon={Mail}>
                Opened 09:11
              </State>
            </div>
          </div>
        </div>
      </Section>
      <Section title="Table with a selection" level={3}>
        <div className="pt-1">
          <Couples />
        </div>
      </Section>
      <Section title="A long list" level={3}>
        <div className="pt-1">
          <LongList room={room} />
          <LoadMore shown={50} total={212} noun="couples" onMore={() => undefined} />
        </div>
      </Section>
      <Section title="Nothing here yet" level={3}>
        <div className="pt-1">
          <EmptyState
            level={4}
            title="No journey yet. Three would fit your next wedding."
            action={
              <>
                <Button look="primary">Show the three</Button>
                <Button look="ghost">Start empty</Button>
              </>
            }
          >
            Esther &amp; Noah, Sat 9 October 2027, Sintra. See each one on their dates before you choose.
          </EmptyState>
        </div>
      </Section>
    </>
  )
}

function Timeline() {
  return (
    <Thread label="Mia and Jonas">
      <ThreadRow
        bead="done"
        past
        when="Tue 18 May 10:00"
        zone="Rome"
        icon={Mail}
        end={<StatusWord of="opened">Opened 3 times</StatusWord>}
      >
        How to make the family photo list
      </ThreadRow>
      <ThreadRow
        bead="skipped"
        past
        when="Tue 1 June 09:00"
        zone="Toronto"
        icon={Mail}
        end={<StatusWord of="skipped" />}
      >
        Second instalment, due today
      </ThreadRow>
      <NowLine>Now, Thu 10 June 10:42 Rome</NowLine>
      <ThreadRow
        bead="planned"
        when="Thu 17 June 10:00"
        zone="Toronto"
        icon={Video}
        end={<StatusWord of="planned" />}
        more={
          <>
            <Why
              evidence={[
                { term: 'Rule', is: '28 days before the wedding at 10:00' },
                {
                  term: 'Would be',
                  is: (
                    <>
                      Sat 19 June 16:00 <Zone>Rome</Zone>
                    </>
                  ),
                },
              ]}
            >
              On Sat 19 June you photograph Hannah &amp; Luke, and this one asks for an answer.
            </Why>
            <div className="mt-3 flex flex-wrap gap-1.5">
              <Button size="sm">Send now</Button>
              <Button size="sm" icon={AlarmClock}>
                Snooze
              </Button>
              <Button size="sm" look="ghost">
                Jump here
              </Button>
            </div>
          </>
        }
      >
        Book your final call
      </ThreadRow>
      <ThreadRow bead="key" when="Fri 2 July 10:00" zone="Toronto" icon={Mail} end={<StatusWord of="safe" />}>
        Final details check
      </ThreadRow>
      <ThreadRow
        bead="you"
        when="Sat 10 July 10:00"
        zone="Rome"
        icon={Mail}
        end={<StatusWord of="approval">Approve</StatusWord>}
      >
        Your timeline, with PDF
      </ThreadRow>
      <ThreadRow bead="wedding" when="Sat 17 July 16:00" zone="Rome">
        <span className="font-display text-sentence text-rose-text">The wedding</span>
      </ThreadRow>
    </Thread>
  )
}

type Couple = {
  readonly id: string
  readonly names: string
  readonly day: string
  readonly zone: string
  readonly next: string
  readonly status: Status
}
const COUPLES: readonly Couple[] = [
  {
    id: '1',
    names: 'Mia & Jonas',
    day: 'Sat 17 July 16:00',
    zone: 'Rome',
    next: 'Thu 17 June 10:00',
    status: 'active',
  },
  {
    id: '2',
    names: 'Ruth & Owen',
    day: 'Sat 24 July 14:00',
    zone: 'London',
    next: 'Thu 10 June 17:00',
    status: 'approval',
  },
  {
    id: '3',
    names: 'Hannah & Luke',
    day: 'Sat 19 June 13:30',
    zone: 'London',
    next: 'held since yesterday',
    status: 'held',
  },
]
const COLUMNS: readonly Column<Couple>[] = [
  { id: 'names', head: 'Couple', cell: (row) => row.names },
  {
    id: 'day',
    head: 'Wedding',
    cell: (row) => (
      <>
        {row.day} <Zone>{row.zone}</Zone>
      </>
    ),
  },
  { id: 'next', head: 'Next', cell: (row) => row.next },
  { id: 'state', head: 'State', onPhone: true, cell: (row) => <StatusPill of={row.status} /> },
]
const ALL: ReadonlySet<string> = new Set(COUPLES.map((row) => row.id))

function Couples() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(['1', '2']))
  const toggle = (key: string) =>
    setChosen((now) =>
      now.has(key) ? new Set([...now].filter((one) => one !== key)) : new Set([...now, key]),
    )
  return (
    <Table
      label="Couples"
      columns={COLUMNS}
      rows={COUPLES}
      rowKey={(row) => row.id}
      rowName={(row) => row.names}
      below={(row) => `${row.day} ${row.zone}`}
      selection={{
        has: (key) => chosen.has(key),
        toggle,
        size: chosen.size,
        all: (on) => setChosen(on ? ALL : new Set()),
      }}
      actions={
        <>
          <Button size="sm" icon={Pause}>
            Pause
          </Button>
          <Button size="sm" icon={AlarmClock}>
            Snooze
          </Button>
        </>
      }
    />
  )
}

const LONG = Array.from({ length: 10_000 }, (_, index) => index + 1)
const LONG_COLUMNS: readonly Column<number>[] = [
  { id: 'row', head: 'Row', cell: (row) => `Row ${row.toLocaleString()}` },
  { id: 'square', head: 'Square', align: 'end', onPhone: true, cell: (row) => (row * row).toLocaleString() },
  {
    id: 'state',
    head: 'State',
    onPhone: true,
    width: '120px',
    cell: (row) => <StatusPill of={(Object.keys(STATUS) as Status[])[row % 9] ?? 'planned'} />,
  },
]

const LongList = ({ room }: { readonly room: string }) => (
  <Table
    label={`Ten thousand rows, ${room}`}
    columns={LONG_COLUMNS}
    rows={LONG}
    rowKey={String}
    rowName={(row) => `row ${row}`}
    height={240}
  />
)
