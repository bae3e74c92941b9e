/** Lists whose items can be put into another order, and carried from list to list, by mouse, touch and keys. */
import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useDroppable,
  useSensor,
  useSensors,
  type CollisionDetection,
} from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ActionIcon } from '@mantine/core'
import { IconGripVertical } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './form.module.css'

/** Where an item stands; items go only among those of their kind. An end is what an item is dropped on to become the last. */
interface Place {
  readonly kind: string
  readonly list: string
  readonly at: number
}

export interface Carried {
  readonly kind: string
  readonly from: { readonly list: string; readonly at: number }
  readonly to: { readonly list: string; readonly at: number }
}

const placeOf = (data: Readonly<Record<string, unknown>> | undefined): Place | undefined =>
  data?.['place'] as Place | undefined

const amongItsKind: CollisionDetection = (args) => {
  const kind = placeOf(args.active.data.current)?.kind
  return closestCenter({
    ...args,
    droppableContainers: args.droppableContainers.filter(({ data }) => placeOf(data.current)?.kind === kind),
  })
}

/** What the lists in it are made of can go from one to another. */
export function SortableLists({
  carry,
  children,
}: {
  readonly carry: (carried: Carried) => void
  readonly children: ReactNode
}) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={amongItsKind}
      onDragEnd={({ active, over }) => {
        const from = placeOf(active.data.current)
        const to = placeOf(over?.data.current)
        if (from === undefined || to === undefined || active.id === over?.id) return
        carry({ kind: from.kind, from, to })
      }}
    >
      {children}
    </DndContext>
  )
}

const idOf = (kind: string, list: string, id: string) => `${kind} ${list} ${id}`

/** The items of one list. @param hasEnd  an item of another list can be dropped behind the last one */
export function SortableList({
  kind,
  list,
  ids,
  hasEnd = false,
  children,
}: {
  readonly kind: string
  readonly list: string
  readonly ids: readonly string[]
  readonly hasEnd?: boolean
  readonly children: ReactNode
}) {
  return (
    <SortableContext items={ids.map((id) => idOf(kind, list, id))} strategy={verticalListSortingStrategy}>
      {children}
      {hasEnd && <End place={{ kind, list, at: ids.length }} />}
    </SortableContext>
  )
}

function End({ place }: { readonly place: Place }) {
  const { setNodeRef, isOver, active } = useDroppable({ id: idOf(place.kind, place.list, ''), data: { place } })
  const isWanted = placeOf(active?.data.current)?.kind === place.kind
  return (
    <div ref={setNodeRef} className={classes.end} data-wanted={isWanted || undefined} data-over={isOver || undefined} />
  )
}

export function SortableItem({
  kind,
  list,
  at,
  id,
  label,
  isDisabled,
  children,
}: Place & {
  readonly id: string
  /** What is moved, for whoever hears it. */
  readonly label: string
  readonly isDisabled: boolean
  readonly children: ReactNode
}) {
  const { t } = useTranslation('definition')
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging, isOver, active } =
    useSortable({ id: idOf(kind, list, id), disabled: isDisabled, data: { place: { kind, list, at } } })
  const isFromElsewhere = isOver && placeOf(active?.data.current)?.list !== list
  return (
    <div
      ref={setNodeRef}
      className={classes.sortable}
      data-dragging={isDragging || undefined}
      data-over={isFromElsewhere || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <ActionIcon
        ref={setActivatorNodeRef}
        {...attributes}
        {...listeners}
        variant="transparent"
        color="gray"
        size="sm"
        mt={5}
        style={{ cursor: 'grab', touchAction: 'none' }}
        aria-label={t('form.moveItem', { name: label })}
        disabled={isDisabled}
      >
        <IconGripVertical size={15} />
      </ActionIcon>
      <div style={{ flex: 1, minWidth: 0 }}>{children}</div>
    </div>
  )
}

/** One list on its own. */
export function Sortable({
  ids,
  labels = ids,
  move,
  isDisabled,
  children,
}: {
  readonly ids: readonly string[]
  readonly labels?: readonly string[]
  readonly move: (from: number, to: number) => void
  readonly isDisabled: boolean
  readonly children: (at: number) => ReactNode
}) {
  return (
    <SortableLists carry={({ from, to }) => move(from.at, to.at)}>
      <SortableList kind="item" list="" ids={ids}>
        {ids.map((id, at) => (
          <SortableItem key={id} kind="item" list="" at={at} id={id} label={labels[at]!} isDisabled={isDisabled}>
            {children(at)}
          </SortableItem>
        ))}
      </SortableList>
    </SortableLists>
  )
}
