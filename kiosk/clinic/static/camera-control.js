// Arrows that steer the patient's camera (digitally, at her end) for as long as one is held.

const HELD_MS = 600;
const REPEAT_MS = 300;

/** `steer(action, axis, direction, timeoutMs)` sends one wish. Buttons carry data-axis and data-direction. */
export function followCameraControl(box, steer) {
  for (const button of box.querySelectorAll("button[data-axis]")) {
    const { axis, direction } = button.dataset;
    let timer = 0;
    const wish = (action) => steer(action, axis, direction, HELD_MS);
    const release = () => {
      if (!timer) return;
      clearInterval(timer);
      timer = 0;
      wish("stop");
    };
    button.addEventListener("pointerdown", () => {
      wish("start");
      timer = setInterval(() => wish("continue"), REPEAT_MS);
    });
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, release);
    // From the keyboard: one step a press.
    button.addEventListener("click", (event) => event.detail === 0 && wish("start"));
  }
}
