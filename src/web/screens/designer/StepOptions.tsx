import type { Node, NodeOf } from '../../../core/journey/graph.ts'
import type { Deadline } from '../../../core/wedding/policy.ts'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, TextArea } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { useBuilding } from './building.ts'
import { WaitEditor } from './fields/WaitEditor.tsx'
import { RECIPIENTS } from './words.ts'

type Timed = NodeOf<'module'> | NodeOf<'action'>
const UNSAID = ''
const usual = (label: string) => ({ value: UNSAID, label })

/** When, to whom, and what becomes of it when things go otherwise. */
export function StepOptions({ node }: { readonly node: Timed }) {
  const { change } = useBuilding()
  const { when, deadline, ...bare } = node
  const put = (name: string, value: string): void => {
    const { [name as 'late']: _before, ...rest } = node
    change((value === UNSAID ? rest : { ...rest, [name]: value }) as Timed)
  }
  return (
    <>
      {node.kind === 'module' && <Recipient node={node} />}
      <div data-part="when" className="space-y-2">
        {when ? (
          <WaitEditor
            label="When"
            rule={when}
            shapes={['after', 'anchor', 'next', 'on']}
            onChange={(next, field) => change({ ...node, when: next }, `${node.id} when ${field}`)}
          />
        ) : null}
        <Checkbox
          checked={when !== undefined}
          onChange={(next) =>
            change(
              (next
                ? { ...node, when: { before: { days: 14 }, of: 'wedding', at: '10:00' } }
                : { ...bare, ...(deadline && { deadline }) }) as Timed,
            )
          }
        >
          It has a moment of its own
        </Checkbox>
      </div>
      <div className="border-b border-border">
        <Row label="Joins too late">
          <Select
            look="quiet"
            aria-label="Joins too late"
            value={node.late ?? UNSAID}
            choices={[
              usual('As is usual for its kind'),
              { value: 'skip', label: 'Leave it out' },
              { value: 'send_now', label: 'Send it now' },
              { value: 'merge', label: 'Tell it in the next message' },
              { value: 'compress', label: 'Spread what is left' },
              { value: 'task', label: 'A person decides' },
            ]}
            onChange={(event) => put('late', event.target.value)}
          />
        </Row>
        <Row label="Date moves">
          <Select
            look="quiet"
            aria-label="Date moves"
            value={node.move ?? UNSAID}
            choices={[
              usual('Follow the new date'),
              { value: 'keep', label: 'Stay where it is' },
              { value: 'ask', label: 'Ask a person' },
              { value: 'resend', label: 'Send it again, updated' },
            ]}
            onChange={(event) => put('move', event.target.value)}
          />
        </Row>
        {node.kind === 'module' && <MessageRows node={node} put={put} />}
      </div>
      <DeadlineEditor node={node} />
      {node.kind === 'module' && <Windows node={node} />}
    </>
  )
}

const Row = ({ label, children }: { readonly label: string; readonly children: React.ReactNode }) => (
  <div className="grid min-h-9 grid-cols-[128px_1fr] items-center gap-2 border-t border-border py-1">
    <span aria-hidden="true" className="text-muted-foreground">
      {label}
    </span>
    {children}
  </div>
)

function MessageRows({
  node,
  put,
}: {
  readonly node: NodeOf<'module'>
  readonly put: (name: string, value: string) => void
}) {
  const { change, outline } = useBuilding()
  const { approval, ...bare } = node
  const usually = outline.moduleType(node)?.class ?? 'relationship'
  return (
    <>
      <Row label="Before sending">
        <Select
          look="quiet"
          aria-label="Before sending"
          value={approval ? (approval.by ?? 'anybody') : UNSAID}
          choices={[
            usual('No approval'),
            { value: 'anybody', label: 'Somebody of you reads it' },
            { value: 'assistant', label: 'An assistant reads it' },
            { value: 'manager', label: 'A manager reads it' },
            { value: 'owner', label: 'The owner reads it' },
          ]}
          onChange={(event) => {
            const by = event.target.value
            const timeout = approval?.timeout ?? { after: { days: 2 } }
            change(
              by === UNSAID
                ? bare
                : { ...bare, approval: by === 'anybody' ? { timeout } : { by: by as 'owner', timeout } },
            )
          }}
        />
      </Row>
      <Row label="Kind of message">
        <Select
          look="quiet"
          aria-label="Kind of message"
          value={node.class ?? UNSAID}
          choices={[
            usual(`As the type says: ${usually}`),
            { value: 'transactional', label: 'Belongs to the booking' },
            { value: 'relationship', label: 'Keeps in touch' },
            { value: 'marketing', label: 'Advertises' },
          ]}
          onChange={(event) => put('class', event.target.value)}
        />
      </Row>
      <Row label="If it fails">
        <Select
          look="quiet"
          aria-label="If it fails"
          value={node.onFailure ?? UNSAID}
          choices={[
            usual('As is usual'),
            { value: 'continue', label: 'Go on' },
            { value: 'branch', label: 'Go another way' },
            { value: 'task', label: 'A person is told' },
            { value: 'stop', label: 'Stop the journey' },
          ]}
          onChange={(event) => put('onFailure', event.target.value)}
        />
      </Row>
      <Row label="Urgency">
        <Select
          look="quiet"
          aria-label="Urgency"
          value={node.band ?? UNSAID}
          choices={[
            usual('By the days that are left'),
            { value: 'critical', label: 'Critical' },
            { value: 'high', label: 'High' },
            { value: 'medium', label: 'Medium' },
            { value: 'low', label: 'Low' },
          ]}
          onChange={(event) => put('band', event.target.value)}
        />
      </Row>
    </>
  )
}

function Recipient({ node }: { readonly node: NodeOf<'module'> }) {
  const { change } = useBuilding()
  const to = node.to ?? 'couple'
  const value = typeof to === 'string' ? to : 'member' in to ? `member:${to.member}` : 'vendorOf'
  return (
    <div data-part="to">
      <Field label="To">
        <Select
          value={value}
          choices={[...RECIPIENTS, { value: 'vendorOf', label: 'another vendor of the wedding …' }]}
          onChange={(event) => {
            const next = event.target.value
            const { to: _before, ...rest } = node
            if (next === 'couple') change(rest)
            else if (next === 'vendorOf') change({ ...rest, to: { vendorOf: 'venue' } })
            else if (next.startsWith('member:'))
              change({ ...rest, to: { member: next.slice('member:'.length) as 'owner' } })
            else change({ ...rest, to: next as 'payer' })
          }}
        />
      </Field>
      {typeof to === 'object' && 'vendorOf' in to && (
        <div className="mt-2">
          <Input
            aria-label="Which vendor"
            value={to.vendorOf}
            onChange={(event) =>
              event.target.value !== '' &&
              change({ ...node, to: { vendorOf: event.target.value } }, `${node.id} vendorOf`)
            }
          />
        </div>
      )}
    </div>
  )
}

function DeadlineEditor({ node }: { readonly node: Timed }) {
  const { change } = useBuilding()
  const { deadline, ...bare } = node
  return (
    <div data-part="deadline" className="space-y-2">
      {deadline && (
        <WaitEditor
          label="Never after"
          rule={deadline}
          shapes={['anchor']}
          onChange={(rule, field) =>
            ('before' in rule || ('after' in rule && rule.of !== undefined && rule.of !== 'now')) &&
            change({ ...node, deadline: rule as Deadline }, `${node.id} deadline ${field}`)
          }
        />
      )}
      <Checkbox
        checked={deadline !== undefined}
        onChange={(next) =>
          change(
            (next
              ? { ...node, deadline: { before: { days: 1 }, of: 'wedding', at: '18:00' } }
              : bare) as Timed,
          )
        }
      >
        After a certain moment it is worth nothing
      </Checkbox>
    </div>
  )
}

type Window = {
  readonly of: keyof NonNullable<NodeOf<'module'>['windows']>
  readonly label: string
  readonly name?: string
  readonly unsaid: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
}
const WINDOWS: readonly Window[] = [
  {
    of: 'freeDay',
    label: 'Days you work',
    name: 'Days you work a wedding',
    unsaid: 'As is usual',
    choices: [
      { value: 'earlier', label: 'The free day before' },
      { value: 'later', label: 'The free day after' },
    ],
  },
  {
    of: 'businessDay',
    label: 'Working days',
    unsaid: 'Any day',
    choices: [
      { value: 'earlier', label: 'The working day before' },
      { value: 'later', label: 'The working day after' },
    ],
  },
  {
    of: 'quiet',
    label: 'Quiet hours',
    unsaid: 'As is usual',
    choices: [
      { value: 'later', label: 'Wait for the morning' },
      { value: 'skip', label: 'Leave it out' },
      { value: 'ignore', label: 'Send it all the same' },
    ],
  },
  {
    of: 'cap',
    label: 'Too many letters',
    unsaid: 'As is usual',
    choices: [
      { value: 'later', label: 'Later' },
      { value: 'merge', label: 'Tell it in the next message' },
      { value: 'skip', label: 'Leave it out' },
    ],
  },
]

function Windows({ node }: { readonly node: NodeOf<'module'> }) {
  const { change } = useBuilding()
  const { windows = {}, asksForAnswer, ...bare } = node
  const put = (name: keyof typeof windows, value: string): void => {
    const { [name]: _before, ...rest } = windows
    const next = value === UNSAID ? rest : { ...rest, [name]: value }
    change({
      ...bare,
      ...(asksForAnswer && { asksForAnswer }),
      ...(Object.keys(next).length > 0 && { windows: next }),
    } as NodeOf<'module'>)
  }
  return (
    <div data-part="windows" className="space-y-2">
      <Checkbox
        checked={asksForAnswer === true}
        onChange={(next) =>
          change({
            ...bare,
            ...(node.windows && { windows: node.windows }),
            ...(next && { asksForAnswer: true }),
          })
        }
      >
        It asks for an answer: on a day you can answer
      </Checkbox>
      <div className="border-b border-border">
        {WINDOWS.map(({ of, label, name = label, unsaid, choices }) => (
          <Row key={of} label={label}>
            <Select
              aria-label={name}
              value={windows[of] ?? UNSAID}
              choices={[usual(unsaid), ...choices]}
              onChange={(event) => put(of, event.target.value)}
            />
          </Row>
        ))}
      </div>
    </div>
  )
}

export function ApprovalText({ node }: { readonly node: NodeOf<'approval'> }) {
  const { change } = useBuilding()
  return (
    <div data-part="content" className="space-y-3">
      <Field label="What is asked">
        <TextArea
          data-first
          rows={2}
          maxLength={500}
          value={node.ask}
          onChange={(event) => change({ ...node, ask: event.target.value }, `${node.id} ask`)}
        />
      </Field>
      <div data-part="to">
        <RoleSelect
          label="Whom"
          value={node.by}
          onChange={(by) => {
            const { by: _before, ...rest } = node
            change(by ? { ...rest, by } : rest)
          }}
        />
      </div>
    </div>
  )
}

type Role = 'owner' | 'manager' | 'assistant'
export function RoleSelect({
  label,
  value,
  unsaid = 'Anybody of you',
  onChange,
}: {
  readonly label: string
  readonly value: Role | undefined
  readonly unsaid?: string
  readonly onChange: (role: Role | undefined) => void
}) {
  return (
    <Field label={label}>
      <Select
        value={value ?? UNSAID}
        choices={[
          usual(unsaid),
          { value: 'owner', label: 'The owner' },
          { value: 'manager', label: 'A manager' },
          { value: 'assistant', label: 'An assistant' },
        ]}
        onChange={(event) => onChange((event.target.value || undefined) as Role | undefined)}
      />
    </Field>
  )
}

/** Where it stands in the couple's time: drawn as a lane. */
export function Phase({ node }: { readonly node: Node }) {
  const { change, outline } = useBuilding()
  const known = new Set([
    'Inquiry',
    'Booked',
    'Planning',
    'Wedding week',
    'After',
    ...outline.journey.nodes.flatMap((one) => one.phase ?? []),
  ])
  return (
    <Field label="Phase" optional>
      <Select
        value={node.phase ?? UNSAID}
        choices={[usual('As the step before'), ...[...known].map((value) => ({ value, label: value }))]}
        onChange={(event) => {
          const { phase: _before, ...rest } = node
          change((event.target.value === UNSAID ? rest : { ...rest, phase: event.target.value }) as Node)
        }}
      />
    </Field>
  )
}
