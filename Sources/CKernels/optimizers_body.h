// The updates of one tier.

void KERNEL(momentum_step_f32)(
    float *restrict w, const float *restrict gradient, float *restrict velocity, size_t n,
    const momentum_update *u) {
  for (size_t i = 0; i < n; i++) {
    float v = u->momentum * velocity[i] + (u->scale * gradient[i] + u->decay * w[i]);
    velocity[i] = v;
    w[i] -= u->rate * v;
  }
}

void KERNEL(adam_step_f32)(
    float *restrict w, const float *restrict gradient, float *restrict first,
    float *restrict second, size_t n, const adam_update *u) {
  for (size_t i = 0; i < n; i++) {
    float g = u->scale * gradient[i] + u->decay * w[i];
    float m = u->beta1 * first[i] + (1 - u->beta1) * g;
    float v = u->beta2 * second[i] + (1 - u->beta2) * g * g;
    first[i] = m;
    second[i] = v;
    w[i] -= u->rate * (m / u->correction1) / (sqrtf(v / u->correction2) + u->epsilon);
  }
}
