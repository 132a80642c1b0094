package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.reflux.nn.Scalars;

/**
 * One optimiser step of an expert: plain SGD, or surrogate-gap guided sharpness-aware minimisation (GSAM, Zhuang et
 * al., ICLR 2022) with the adaptive perturbation of ASAM (Kwon et al., ICML 2021), as Flat Trajectory Distillation
 * uses them.
 *
 * <pre>
 *   g   = ∇L(θ)                          n = ‖ |θ| ⊙ g ‖     (plain: ‖g‖)
 *   e   = ρ · g ⊙ θ² / (n + 1e-12)       (plain: ρ · g / (n + 1e-12))
 *   g_p = ∇L(θ + e)                      same batch, same augmentation
 *   s   = ⟨g, g_p⟩ / (‖g‖·‖g_p‖ + 1e-12)
 *   g_⊥ = g − s·‖g‖ · g_p / (‖g_p‖ + 1e-12)
 *   θ  ←  θ − η · (g_p − α · g_⊥)
 * </pre>
 *
 * All norms are over all parameters. With ρ = 0 it is one pass of plain SGD, otherwise two passes.
 */
final class ExpertStep {
    private static final double TINY = 1e-12;

    private final LossGradient gradient;
    private final double rate;
    private final double flatness;
    private final double gapWeight;
    private final boolean adaptive;

    ExpertStep(LossGradient gradient, double rate, double flatness, double gapWeight, boolean adaptive) {
        this.gradient = gradient;
        this.rate = rate;
        this.flatness = flatness;
        this.gapWeight = gapWeight;
        this.adaptive = adaptive;
    }

    /**
     * Where a step leads, both owned by the manager that was given.
     *
     * @param theta [P]
     * @param loss of the first pass, a scalar that is read when somebody asks
     */
    record Outcome(NDArray theta, NDArray loss) {}

    /**
     * @param owner of the new parameters
     * @param theta [P], not changed
     * @param images augmented batch [B,C,H,W]
     * @param labels probabilities [B,K]
     */
    Outcome apply(NDManager owner, NDArray theta, NDArray images, NDArray labels) {
        try (NDManager step = owner.newSubManager()) {
            LossGradient.Value first = gradient.at(step, theta, images, labels);
            NDArray direction = flatness == 0 ? first.gradient() : flat(step, theta, first.gradient(), images, labels);
            NDArray moved = theta.sub(Scalars.times(direction, rate));
            moved.attach(owner);
            first.loss().attach(owner);
            return new Outcome(moved, first.loss());
        }
    }

    private NDArray flat(NDManager step, NDArray theta, NDArray plain, NDArray images, NDArray labels) {
        NDArray shifted = theta.add(perturbation(theta, plain));
        shifted.attach(step);
        NDArray perturbed = gradient.at(step, shifted, images, labels).gradient();
        NDArray plainNorm = plain.norm();
        NDArray perturbedNorm = perturbed.norm();
        NDArray cosine = plain.dot(perturbed).div(Scalars.plus(plainNorm.mul(perturbedNorm), TINY));
        NDArray along = cosine.mul(plainNorm).div(Scalars.plus(perturbedNorm, TINY));
        NDArray orthogonal = plain.sub(perturbed.mul(along));
        return perturbed.sub(Scalars.times(orthogonal, gapWeight));
    }

    private NDArray perturbation(NDArray theta, NDArray plain) {
        NDArray ball = adaptive ? plain.mul(theta.square()) : plain;
        NDArray size = adaptive ? plain.mul(theta).norm() : plain.norm();
        return Scalars.times(ball, flatness).div(Scalars.plus(size, TINY));
    }
}
