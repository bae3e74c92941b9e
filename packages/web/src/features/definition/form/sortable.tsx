/** A list whose items can be put into another order, by mouse, touch and keys. */
import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
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

export function Sortable({
  ids,
  move,
  children,
}: {
  readonly ids: readonly string[]
  readonly move: (from: number, to: number) => void
  readonly children: ReactNode
}) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={({ active, over }) => {
        const [from, to] = [ids.indexOf(String(active.id)), ids.indexOf(String(over?.id))]
        if (from >= 0 && to >= 0 && from !== to) move(from, to)
      }}
    >
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  )
}

export function SortableItem({
  id,
  label,
  isDisabled,
  children,
}: {
  readonly id: string
  /** What is moved, for whoever hears it. */
  readonly label: string
  readonly isDisabled: boolean
  readonly children: ReactNode
}) {
  const { t } = useTranslation('definition')
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({
    id,
    disabled: isDisabled,
  })
  return (
    <div
      ref={setNodeRef}
      style={{
        display: 'flex',
        gap: 4,
        alignItems: 'flex-start',
        transform: CSS.Translate.toString(transform),
        transition,
        ...(isDragging && { position: 'relative', zIndex: 2, background: 'var(--w-surface)' }),
      }}
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
