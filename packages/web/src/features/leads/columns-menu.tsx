/** Which columns are shown, and in which order: by dragging, or by the arrow keys on a grip. */
import { ActionIcon, Button, Checkbox, Popover, ScrollArea, Text, TextInput } from '@mantine/core'
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { IconColumns3, IconGripVertical, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LeadColumn } from './columns.tsx'
import type { ChosenColumns } from './kept-columns.ts'
import classes from './leads.module.css'

export function ColumnsMenu({ all, chosen }: { readonly all: readonly LeadColumn[]; readonly chosen: ChosenColumns }) {
  const { t } = useTranslation('leads')
  return (
    <Popover position="bottom-end" width={300} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="compact-md" leftSection={<IconColumns3 size={15} aria-hidden />}>
          {t('columns.choose')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={t('columns.choose')}>
        <ScrollArea.Autosize mah={440} type="auto" offsetScrollbars>
          <Shown chosen={chosen} />
          <Offered all={all} chosen={chosen} />
        </ScrollArea.Autosize>
        {chosen.isChosen && (
          <Button mt="xs" size="compact-xs" variant="subtle" color="gray" onClick={chosen.reset}>
            {t('columns.reset')}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function Shown({ chosen: { shown, choose } }: { readonly chosen: ChosenColumns }) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const ids = shown.map(({ id }) => id)
  const movable = ids.slice(1)
  const drop = ({ active, over }: DragEndEvent) => {
    if (over === null || active.id === over.id) return
    const moved = arrayMove(movable, movable.indexOf(String(active.id)), movable.indexOf(String(over.id)))
    choose([ids[0]!, ...moved])
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop}>
      <SortableContext items={movable} strategy={verticalListSortingStrategy}>
        {shown.slice(1).map((column) => (
          <ShownColumn
            key={column.id}
            column={column}
            remove={() => choose(ids.filter((each) => each !== column.id))}
          />
        ))}
      </SortableContext>
    </DndContext>
  )
}

function ShownColumn({ column, remove }: { readonly column: LeadColumn; readonly remove: () => void }) {
  const { t } = useTranslation('leads')
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition } = useSortable({
    id: column.id,
  })
  return (
    <div
      ref={setNodeRef}
      className={classes.sortable}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <button
        ref={setActivatorNodeRef}
        type="button"
        className={classes.grip}
        {...attributes}
        {...listeners}
        aria-label={t('columns.move', { name: column.label })}
      >
        <IconGripVertical size={14} aria-hidden />
      </button>
      <Text size="sm" flex={1} truncate>
        {column.label}
      </Text>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t('columns.remove', { name: column.label })}
        onClick={remove}
      >
        <IconX size={13} />
      </ActionIcon>
    </div>
  )
}

function Offered({
  all,
  chosen: { shown, choose },
}: {
  readonly all: readonly LeadColumn[]
  readonly chosen: ChosenColumns
}) {
  const { t } = useTranslation('leads')
  const [typed, setTyped] = useState('')
  const ids = shown.map(({ id }) => id)
  const offered = all.filter(
    ({ id, label }) => !ids.includes(id) && label.toLowerCase().includes(typed.trim().toLowerCase()),
  )
  return (
    <>
      <TextInput
        size="xs"
        my={6}
        aria-label={t('columns.add')}
        placeholder={t('columns.add')}
        value={typed}
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      {offered.map(({ id, label, group }, index) => (
        <div key={id}>
          {group !== offered[index - 1]?.group && (
            <Text size="xs" c="dimmed" px={4} py={2}>
              {t(`groups.${group}`)}
            </Text>
          )}
          <Checkbox size="xs" px={4} py={3} label={label} checked={false} onChange={() => choose([...ids, id])} />
        </div>
      ))}
    </>
  )
}
