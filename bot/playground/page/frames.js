// @ts-check
/** Drawing in step with the screen. */

/** Events come in bursts; this draws once for each frame, however often it is asked to. @param {() => void} draw @returns {() => void} */
export function oncePerFrame(draw) {
  let scheduled = false;
  const run = () => {
    scheduled = false;
    draw();
  };
  return () => {
    if (scheduled) return;
    scheduled = true;
    // A page that is not seen gets no frames.
    if (document.hidden) setTimeout(run, 0);
    else requestAnimationFrame(run);
  };
}
