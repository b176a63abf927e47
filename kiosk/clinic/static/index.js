// Both pages side by side. Whatever is asked of this page is asked of both.
document.querySelector("#bench-frame").src = `/bench${location.search}`;
document.querySelector("#clinician-frame").src = `/clinician${location.search}`;
