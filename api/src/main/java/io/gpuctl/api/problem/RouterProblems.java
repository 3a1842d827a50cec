package io.gpuctl.api.problem;

import io.quarkus.logging.Log;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Answers errors that never reach a resource; Vert.x would answer them with an empty body or with HTML. */
@ApplicationScoped
class RouterProblems {

    void register(@Observes Router router) {
        router.errorHandler(
                400, context -> answer(context, Problem.of(ProblemType.BAD_REQUEST, "The request is not valid HTTP")));
        router.errorHandler(
                404, context -> answer(context, Routes.unknown(context.request().path())));
        router.errorHandler(
                405,
                context -> answer(
                        context,
                        Problem.of(ProblemType.METHOD_NOT_ALLOWED, "GET / lists the routes with their methods")));
        router.errorHandler(413, context -> answer(context, BodyLimit.tooLarge(context.request())));
        router.errorHandler(500, RouterProblems::unexpected);
        router.route().last().handler(context -> context.fail(404));
    }

    private static void unexpected(RoutingContext context) {
        Log.errorf(
                context.failure(),
                "%s %s failed",
                context.request().method(),
                context.request().path());
        answer(context, Problem.of(ProblemType.INTERNAL, "Unexpected error; see the server's log"));
    }

    private static void answer(RoutingContext context, Problem problem) {
        ProblemJson.answer(context.request(), problem);
    }
}
