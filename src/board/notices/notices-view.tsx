import { close, type Notice, notices, tellProblem } from './notices.ts';

async function takeBack({ id, undo }: Notice): Promise<void> {
  close(id);
  try {
    await undo?.();
  } catch (error) {
    tellProblem(error);
  }
}

/** What happened, where everybody sees and hears it. */
export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class={notice.isProblem ? 'notice bad' : 'notice'}>
          <span>{notice.text}</span>
          {notice.undo && (
            <button type="button" onClick={() => void takeBack(notice)}>
              Undo
            </button>
          )}
          <button type="button" aria-label="Close this message" onClick={() => close(notice.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
